"""The visit at the bedside: a page that works without the network, and everything fixed that it needs."""
