"""One simulated person under schedules side by side, as a file and as a run."""
