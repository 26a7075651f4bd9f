"""A person for the mechanism: a whole body from the anatomy, the part concerned, an examination read off."""
