"""Finding chats again: what is typed, what was found, and the way there."""
