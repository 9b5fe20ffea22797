"""Titles that the local model finds."""
