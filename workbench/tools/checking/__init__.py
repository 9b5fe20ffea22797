"""How well a model calls tools: cases written for this, asked and graded."""
