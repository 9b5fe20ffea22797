"""What an engine has read is kept on disk, so that a long chat need not be read again after a restart."""
