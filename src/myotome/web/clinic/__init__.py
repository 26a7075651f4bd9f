"""The clinic in a browser: its pages, what guards them, and how a form is read."""
