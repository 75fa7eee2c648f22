"""What is mine: whom and what a person follows."""
