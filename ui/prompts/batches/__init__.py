"""One prompt on many inputs: choose them, watch, pause, look at the results, export them."""
