"""A clinic with a million past sessions beside one with ten: opening pages, recording, searching."""
