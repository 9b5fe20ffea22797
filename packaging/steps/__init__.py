"""The steps behind `make run`, `make test` and their like. Standard library only: they run before anything is installed."""
