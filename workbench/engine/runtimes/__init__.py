"""Which llama.cpp builds there are: found, probed, installed, removed."""
