"""Myotome: examine, explain, plan, needle, follow."""
