"""What is remembered of the person: seen, written, searched, switched off and removed."""
