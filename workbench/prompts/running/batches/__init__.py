"""One prompt on many inputs."""
