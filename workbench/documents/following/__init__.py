"""Keeping up with folders as they change."""
