"""Which models are in memory, for how long, and who is answered first."""
