"""Test cases made of answers."""
