"""Rerankers of a person's own: which are known, and which one is wanted."""
