"""Where what was posted came from, and where the reader goes on afterwards."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from broadsheet.configured import instance

# What only reads (RFC 9110, section 9.2.1), but for TRACE, which no browser sends.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Where a link in a mail leads that ends the mail.
UNSUBSCRIBE = "/unsubscribe/"
# What a database can hold as a key.
LARGEST_KEY = 2**63 - 1


def is_from_our_pages(request: HttpRequest) -> bool:
    """Whether a page of this site asked: only where the browser says so (Fetch Metadata; RFC 6454).

    Browsers send `Sec-Fetch-Site` from pages that they trust, and `Origin` with every unsafe method. A
    request with neither proves nothing, and a scheme or port that differs is another site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    own = {f"{request.scheme}://{request.get_host()}"}
    if instance().site_url:
        public = urlsplit(instance().site_url)
        own = {f"{public.scheme}://{public.netloc}"}
    return request.headers.get("Origin") in own


def is_one_click(request: HttpRequest) -> bool:
    """Whether a server of mail may ask for it, on behalf of a reader: to end what a secret address names, and
    nothing else (RFC 8058).
    """
    return request.method == "POST" and request.path_info.startswith(UNSUBSCRIBE)


def see_other(address: str) -> HttpResponse:
    """Go on by reading that page: reloading it posts nothing again (RFC 9110, 15.4.4)."""
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
