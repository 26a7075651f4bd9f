"""The body drawn: plates as data, rendered to SVG, and what a tap on them hits. Knows ids, not people."""
