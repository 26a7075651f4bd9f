"""How well the forecast of a course does, on simulated people: `python -m benchmarks.forecast`."""
