"""The addresses of our pages by their names."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote

from django.urls import reverse

# Nearly all names of papers are of these alone, and need no quoting.
_PLAIN = re.compile(r"[\w./-]+", re.ASCII)
# What Django leaves as it is in an address.
_SAFE = "!$&'()*+,;=/~:@"


# A long list has several hundred addresses, and the same ones again and again.
@functools.lru_cache(maxsize=8192)
def address(name: str, *arguments: object) -> str:
    """The address of a page by its name in `urls`."""
    return reverse(name, args=arguments)


def address_of_paper(public_id: str) -> str:
    """The address of the page of a paper: the same without looking through all patterns of addresses."""
    start = address("paper", "x").removesuffix("x")
    return start + (public_id if _PLAIN.fullmatch(public_id) else quote(public_id, safe=_SAFE))
