"""The models we know, and those that a person adds."""
