"""Programs that make documents from the tables; no part of the package."""
