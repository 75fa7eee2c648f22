"""Where papers have their pages: for rooms below the pages, whose words lead there."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.utils.http import RFC3986_SUBDELIMS

PAPERS = "/papers/"
# Nearly all names of papers are of these alone, and need no quoting.
_PLAIN = re.compile(r"[\w./-]+", re.ASCII)


def quoted(name: str) -> str:
    """A name as it stands in an address: as Django quotes it."""
    return name if _PLAIN.fullmatch(name) else quote(name, safe=f"{RFC3986_SUBDELIMS}/~:@")


def page_of(public_id: str) -> str:
    """The path of the page of a paper."""
    return f"{PAPERS}{quoted(public_id)}"
