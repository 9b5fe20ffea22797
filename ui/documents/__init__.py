"""The Documents page: folders, their files, and the search over all that was read of them."""
