"""How a model gets here: the hub, the package index, resumable downloads and their queue."""
