"""The section *Cloud* of the settings: the switch, providers, keys, models, prices, what is hidden, what is allowed."""
