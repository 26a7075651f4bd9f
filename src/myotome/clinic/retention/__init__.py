"""How long a record must be kept, by place, and the first day on which it may be destroyed."""
