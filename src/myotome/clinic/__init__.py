"""Who may do what here: people, permissions, transactions, audit, backup."""
