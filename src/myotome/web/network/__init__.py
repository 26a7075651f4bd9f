"""The clinic's own network: a local authority, its certificates, how to trust it, and serving with them."""
