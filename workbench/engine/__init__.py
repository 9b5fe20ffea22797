"""The engine: llama.cpp in a child process, planned purely, supervised, and spoken to over HTTP."""
