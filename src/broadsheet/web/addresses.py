"""The addresses of our pages by their names."""

from __future__ import annotations

import functools

from django.urls import reverse

from broadsheet.papers.pages import quoted

_ANY = "any-name"


# A long list has several hundred addresses, and the same ones again and again.
@functools.lru_cache(maxsize=8192)
def address(name: str, *arguments: object) -> str:
    """The address of a page by its name in `urls`."""
    return reverse(name, args=arguments)


def address_of_paper(public_id: str, page: str = "paper") -> str:
    """The address of a page about a paper: the patterns of addresses are looked through once for all."""
    start, _, end = address(page, _ANY).partition(_ANY)
    return f"{start}{quoted(public_id)}{end}"
