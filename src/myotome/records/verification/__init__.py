"""Going over a record: every row, key, head and state, and a sentence for whatever is not as it was recorded."""
