"""The parts of the program, put together: each module builds what belongs together. Nothing is decided here."""
