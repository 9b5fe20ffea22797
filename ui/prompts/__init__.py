"""The Prompts page: the library, its editor, versions and bin."""
