"""What a person or a bug report needs to know about this machine and this installation."""
