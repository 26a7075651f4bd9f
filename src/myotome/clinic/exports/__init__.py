"""A person's record as it leaves the clinic: open JSON, and pages to print."""
