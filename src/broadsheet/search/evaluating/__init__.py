"""Measuring search on judged test sets."""
