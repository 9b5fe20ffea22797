"""How a turn is asked: models, effort, sampling."""
