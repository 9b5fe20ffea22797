"""Workbench: a local mixture-of-experts model, as convenient as hosted chat. This package is the core, without Qt."""

__version__ = "0.1.0"
