"""The local API: this machine's models for other programs, in the shapes of OpenAI's API. A front end, like the window."""
