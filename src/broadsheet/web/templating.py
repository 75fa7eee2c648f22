"""The Jinja2 environment of our pages: strict, escaped, with the few filters the templates use."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """A strict environment: a misspelt variable is an error, not an empty place."""
    return Environment(**{**options, "undefined": StrictUndefined, "autoescape": True})
