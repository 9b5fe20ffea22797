"""The engine of llama-cpp-python: a process of ours around its `Llama`, which speaks as llama.cpp's server does."""
