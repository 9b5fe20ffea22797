"""Models: what we know of (catalog), what is on this disk (library), and how it gets here (download)."""
