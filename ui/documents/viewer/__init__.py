"""A document beside the chat, with the passage marked that an answer cites or a search found."""
