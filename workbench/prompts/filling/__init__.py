"""What a prompt says once its variables are filled in: plain ones here, conditions and loops in a confined child."""
