"""Where a needle may go: each point with what lies beneath it, how to reach it and how deep it is."""
