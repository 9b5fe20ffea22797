"""Prompts of other programs, read and written."""
