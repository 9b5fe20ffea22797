"""Starting an engine: the plan, the child process, what it logs."""
