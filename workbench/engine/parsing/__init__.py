"""What a model writes, taken apart as it comes: reasoning, answer, calls of tools. Pure."""
