"""Passages in the prompt, numbers in the answer, and whether they belong together."""
