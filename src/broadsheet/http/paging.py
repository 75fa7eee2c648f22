"""Parts of a list: which one is asked for, and where its neighbours are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest

# Nobody reads so far; whoever asks for more wants to find out what breaks.
LAST_PAGE = 100_000
NO_SUCH_PAGE = "There is no such page of this list."
_NUMBER = re.compile("[0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Pages:
    """The page shown, how many papers there are in all, and how many fit on a page."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one page."""
        return max(-(-self.total // self.size), 1)

    @property
    def first_place(self) -> int:
        """The place in the whole list of the first paper on this page, from 1."""
        return (self.number - 1) * self.size + 1


def requested_page(request: HttpRequest) -> int:
    """The number in `?page=`, from 1. Raises Http404 where it is none."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:7]) <= LAST_PAGE):
        raise Http404(NO_SUCH_PAGE)
    return int(asked[:7])


def requested_number(request: HttpRequest, name: str, otherwise: int, *, within: range) -> int | None:
    """The number that the address has under that name, or `otherwise`; None where it has no such number."""
    given = request.GET.get(name, str(otherwise))
    return int(given) if _NUMBER.fullmatch(given) and int(given) in within else None


def pages_or_404(number: int, *, size: int, total: int) -> Pages:
    """The pages of a list. Raises Http404 where the one asked for is past the last."""
    pages = Pages(number, size, total)
    if number > pages.last:
        raise Http404(NO_SUCH_PAGE)
    return pages
