"""Whole addresses, the one that a page is known by, and those of a page's other forms."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from broadsheet.configured import instance
from broadsheet.http.paging import Pages


def whole(request: HttpRequest, path: str = "") -> str:
    """The whole address of a path of ours: below SITE_URL or, without one, where we were asked."""
    return (instance().site_url or f"{request.scheme}://{request.get_host()}") + path


def canonical(request: HttpRequest, place: str, pages: Pages | None) -> str:
    """The whole address that the page is known by, whatever else its reader's address says (RFC 6596).

    `place` is what the page says its address is; "" is the path alone. Pages of a list but the first differ.
    """
    match = request.resolver_match
    if not place and match:
        place = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    if pages and pages.number > 1:
        place += f"{'&' if '?' in place else '?'}page={pages.number}"
    return whole(request, place)


def in_form(path: str, form: str) -> str:
    """The address of a list in that form, by that of its page. The front page's has no name to add to."""
    place, mark, query = path.partition("?")
    return f"{place if place != '/' else '/feed'}.{form}{mark}{query}"
