"""A person's course over sessions: what was scored and needled, and what a simulated person like it would do next."""
