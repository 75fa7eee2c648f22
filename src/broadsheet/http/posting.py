"""Where what was posted came from, and where the reader goes on afterwards."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse


def is_from_our_pages(request: HttpRequest) -> bool:
    """False where a browser says that the form stood on another site (Fetch Metadata, RFC 6454).

    What says nothing is no browser of the last years, and cannot be made to post by a page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.get_host()


def see_other(address: str) -> HttpResponse:
    """Go on by reading that page: reloading it posts nothing again (RFC 9110, 15.4.4)."""
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
