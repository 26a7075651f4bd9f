"""From an explanation to the points to needle: candidates, choice, and the same rules for every edit."""
