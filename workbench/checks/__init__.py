"""Whether an answer is what was asked for: checks that people write, patterns and schemas. Pure."""
