"""What is known: claims and their standing, conditions, counts, harms, and words a patient is never told."""
