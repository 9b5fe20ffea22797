"""The page with what a person thinks of answers, and with their test cases."""
