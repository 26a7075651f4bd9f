"""What must last: append-only, chained, erasable by key; in SQLite or PostgreSQL."""
