"""Keeps the machine awake while there is work, and has the program begin at login when a person wants it so."""
