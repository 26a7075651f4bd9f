"""What a person should expect, do, avoid and watch for after needling."""
