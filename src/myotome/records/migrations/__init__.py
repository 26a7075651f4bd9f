"""Changes of the tables, in order; they never touch what an event stores."""
