"""Denervation supersensitivity as a dynamical system. Pure mathematics; knows no patient."""

CAUTION = "A theory made to run, not evidence that the theory is true or that IMS works."
