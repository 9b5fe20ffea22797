"""The first run: what this computer can do, which model to get, and its download, until a model can answer."""
