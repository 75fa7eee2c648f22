"""Readers of the files that people bring: one module a format, and what the formats share."""
