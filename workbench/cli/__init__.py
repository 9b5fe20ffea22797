"""The command line: everything the window does, over the same core."""
