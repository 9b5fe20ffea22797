"""Models of providers, asked on a person's terms: who they are, what was spent, what is hidden from them."""
