"""Conversations: a tree of messages, the context built from it, and the turns that extend it."""
