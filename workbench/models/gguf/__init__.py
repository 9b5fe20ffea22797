"""The GGUF format: reading a header with bounds, from a file or a server."""
