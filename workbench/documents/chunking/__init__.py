"""Cutting texts into passages that respect their structure."""
