"""llama-cpp-python on request: a ready wheel of its makers, or compiled for this machine."""
