"""Projects in the window: the list at the side, the page of one, and what a project means for the chat in view."""
