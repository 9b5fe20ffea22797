"""What is lost when a process is killed, or the power cut, at any moment."""
