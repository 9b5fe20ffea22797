"""What a model takes and how fast it would be: the sum, where it goes, and what was measured."""
