"""What can be recorded: one class a kind of event, each with its version and the versions before it."""
