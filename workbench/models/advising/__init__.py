"""Which model for this machine and this person."""
