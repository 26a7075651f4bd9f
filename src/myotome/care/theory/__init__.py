"""What the source texts say of the mechanism, put to the model as experiments that can fail."""
