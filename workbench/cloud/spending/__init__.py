"""What may be spent and what was: caps, reservations, the ledger."""
