"""What answers stand on: passages of the documents that a chat asks, chosen for each question."""
