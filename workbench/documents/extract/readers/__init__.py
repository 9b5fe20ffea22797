"""One reader for each family of files. They run in the extraction child only: each has a `read` and may be killed."""
