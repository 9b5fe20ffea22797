"""What a person made of a text of an answer."""
