"""Figures of speed and calibration, each by one command."""
