"""Finding passages: words, vectors, both together; and why something was not found."""
