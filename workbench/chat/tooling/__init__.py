"""Tools in an answer: the rounds of a model and its calls, and how they enter a request."""
