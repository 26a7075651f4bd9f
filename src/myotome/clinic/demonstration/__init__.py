"""A practice with nobody real in it: a dozen people at different stages, made from published examinations."""
