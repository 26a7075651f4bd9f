"""What was looked at and what was seen: signs, sites, names and the case file."""
