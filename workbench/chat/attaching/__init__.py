"""Files given with a question."""
