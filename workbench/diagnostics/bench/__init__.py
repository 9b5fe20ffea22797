"""How fast a model really is on this machine, at several depths of its context, beside what was predicted."""
