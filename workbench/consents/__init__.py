"""What a person is asked before something leaves or changes: stored, and answered when they like."""
