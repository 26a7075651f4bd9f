"""What a body is: segments, nerves, muscles, skin, reflexes, movements. Data with sources."""
