"""Which model answers a question, and when a stronger one is proposed: by rules that a person can read and change."""
