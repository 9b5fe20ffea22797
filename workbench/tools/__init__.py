"""What a model may call: what comes with the program, and what servers of the person's own offer."""
