"""The door for browsers: pages and what they ask for."""
