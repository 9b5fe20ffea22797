"""What a model's chat template takes: efforts, tools. Seen in the prompts that it renders."""
