"""Chats that belong together."""
