"""Providers and models that are known before anybody is asked, and the lists that providers give."""
