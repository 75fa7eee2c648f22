"""Forms of ours. Nobody is signed in, so there is no cookie to protect: what counts is where a form stood."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.web import errors

View = Callable[[HttpRequest], HttpResponse]


def from_our_pages(view: View) -> View:
    """Only let through what a form of this site posted; the rest gets a page that says so (403, 405)."""

    @functools.wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return errors.only_posted(request)
        return view(request) if _is_ours(request) else errors.from_elsewhere(request)

    return answer


def see_other(address: str) -> HttpResponse:
    """Go on by reading that page: reloading it posts nothing again (RFC 9110, 15.4.4)."""
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _is_ours(request: HttpRequest) -> bool:
    """False where a browser says that the form stood on another site (Fetch Metadata, RFC 6454).

    What says nothing is no browser of the last years, and cannot be made to post by a page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.get_host()
