"""Denervation supersensitivity as a dynamical system. Pure mathematics; knows no patient."""
