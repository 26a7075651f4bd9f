"""The model run forward: people with findings, to test the reasoner against itself."""
