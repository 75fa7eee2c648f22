"""Polite requests: whose turn it is, how long to stay away, what an answer may cost us."""
