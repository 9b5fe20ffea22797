"""A person's prompt library: written, filled in, kept in versions and files, run in steps and on many inputs."""
