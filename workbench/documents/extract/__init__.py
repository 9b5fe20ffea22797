"""Reading one file: its text with the places of its pages. Files may be hostile, so a confined child reads them."""
