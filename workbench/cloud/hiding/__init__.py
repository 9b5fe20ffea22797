"""What is hidden before a text leaves, and put back into what returns."""
