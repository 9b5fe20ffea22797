"""The Models page: this computer, what is being fetched, the models on this disk, and the catalog."""
