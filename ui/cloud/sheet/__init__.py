"""What would leave, shown before it does: the sheet on which a question is taken to a stronger model."""
