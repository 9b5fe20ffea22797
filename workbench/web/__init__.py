"""Reaching out: only to addresses that were looked at first."""
