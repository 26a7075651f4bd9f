"""Facts as data: rows with their sources, and how they are read."""
