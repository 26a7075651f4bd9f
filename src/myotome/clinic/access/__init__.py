"""Who is let in: passwords, passkeys, sessions, limits on guessing, and the accounts of those who work here."""
