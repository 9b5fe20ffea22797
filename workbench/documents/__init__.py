"""Documents that people give: what is read of them."""
