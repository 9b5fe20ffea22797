"""The Tools page: what models may call, the servers that offer more, and what was allowed for good."""
