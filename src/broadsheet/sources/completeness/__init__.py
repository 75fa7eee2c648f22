"""What was announced for each day, what of it came, and what is missing."""
