"""The window: a Qt shell over the core. It speaks to the `Workbench` facade, to value types and to errors."""
