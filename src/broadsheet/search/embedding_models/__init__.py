"""Embedding models: where they come from, how they are described, and what runs them."""
