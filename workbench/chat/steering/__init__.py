"""Branches, drafts, and what is done with single messages."""
