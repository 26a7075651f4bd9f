"""Which segment, nerve or local cause explains the findings, how surely, and what to test next."""
