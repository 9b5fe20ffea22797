"""Taking one question to a stronger model: what would leave, a yes to exactly that, and the answer beside the local one."""
