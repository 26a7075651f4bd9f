"""What was asked, what was answered, and what must be referred before anything else."""
