"""Other machines that answer: any server that speaks OpenAI's HTTP, added by a consent, never chosen by itself."""
