"""The web, when a person switched it on: a search that they chose, and pages read as text."""
