"""Exact inference in noisy-OR networks of bounded scope. Pure mathematics; knows no anatomy."""
