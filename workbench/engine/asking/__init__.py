"""Speaking to an engine over HTTP: the client and its JSON."""
