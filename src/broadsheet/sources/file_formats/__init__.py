"""One module for each file format: what a file holds becomes records, in order and never all at once."""
