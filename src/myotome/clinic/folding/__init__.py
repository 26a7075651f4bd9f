"""How events become the states that screens read; pure, so that they can be remade at any time."""
