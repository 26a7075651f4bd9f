"""Calibration of the reasoner against itself: simulated people are examined, read and compared with the truth."""
