"""The panel at the right of the window, where a code block or a document is read, edited and kept in versions."""
