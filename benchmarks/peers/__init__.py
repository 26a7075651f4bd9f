"""Other ways to run the mechanism, each in an environment of its own; none knows Myotome, all get the same task."""
