"""index.db: documents, texts, passages and vectors; and folders in workbench.db."""
