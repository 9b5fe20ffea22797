"""Chats come in from other programs."""
