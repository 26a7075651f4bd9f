"""What happens to one person, a step a folder. Pure: no clock, database or web."""
