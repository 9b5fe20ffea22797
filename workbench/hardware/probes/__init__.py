"""One module per source of knowledge about this machine. Each is absent-tolerant: None where its system is not here."""
