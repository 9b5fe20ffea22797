"""From a file to passages in the index: the pipeline, its order and its progress."""
