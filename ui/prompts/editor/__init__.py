"""The editor of a prompt: its parts, what is wrong with it, and what the model will be told."""
