"""The protocols of providers, as they document them."""
