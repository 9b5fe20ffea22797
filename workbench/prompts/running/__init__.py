"""Prompts that are performed: step by step, tested, and on many inputs."""
