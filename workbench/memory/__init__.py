"""What a person told once: texts about them, and facts."""
