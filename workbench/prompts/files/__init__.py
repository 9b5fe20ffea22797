"""Prompts as files: Markdown with front matter, in a folder that is kept in step with the library."""
