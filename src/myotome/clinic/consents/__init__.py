"""What a patient reads before consenting to needling: versions that stay as they were signed."""
