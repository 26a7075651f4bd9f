"""The pages of the clinic, a module a subject: each has ``router(desk)``."""
