"""What a clinic's lead reviews and signs, and what the clinic's pages say while not all of it is signed."""
