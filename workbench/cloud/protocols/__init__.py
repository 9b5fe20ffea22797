"""How providers are spoken to: requests in their words, their answers in ours, what goes wrong. Only `client` asks."""
