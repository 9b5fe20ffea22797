"""What the cloud costs: caps that can be changed, and every call."""
