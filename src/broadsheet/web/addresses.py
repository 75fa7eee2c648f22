"""The addresses of our pages by their names."""

from __future__ import annotations

import functools

from django.urls import reverse


# A long list has several hundred addresses, and the same ones again and again.
@functools.lru_cache(maxsize=8192)
def address(name: str, *arguments: object) -> str:
    """The address of a page by its name in `urls`."""
    return reverse(name, args=arguments)
