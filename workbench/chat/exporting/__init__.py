"""Chats go out in open formats."""
