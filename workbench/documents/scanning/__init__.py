"""Which files a folder has, and which of them are read."""
