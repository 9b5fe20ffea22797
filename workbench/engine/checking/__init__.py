"""Whether a model does what it should on this machine: the check-up."""
