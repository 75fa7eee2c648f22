"""What protects people, whatever a view forgets.

Nothing is done that another site asked for, and nothing that depends on who asks is kept by anybody.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from broadsheet.http import private
from broadsheet.http.encoding import accepts_gzip
from broadsheet.http.posting import is_from_our_pages
from broadsheet.web import errors

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Features of browsers that no page of ours uses.
PERMISSIONS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)


class Protection:
    """Refuse unsafe methods that no page of ours asked for, and make private what depends on who asks.

    Addresses of programs take tokens only: cookies are forgotten there before any view sees them, so that a
    page of another site cannot use a reader's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it with a page that says why (403)."""
        if private.takes_tokens_only(request):
            private.forget_cookies(request)
            response = self.get_response(request)
        elif request.method in SAFE_METHODS or is_from_our_pages(request):
            response = self.get_response(request)
        else:
            response = errors.from_elsewhere(request)
        private.protect(request, response)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", ", ".join(f"{name}=()" for name in PERMISSIONS))
        return response


class GZip(GZipMiddleware):
    """Django's own, for those alone who take gzip: Django looks for the word and not for its weight."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the answer where the client takes it so."""
        if not accepts_gzip(request.headers.get("Accept-Encoding", "")):
            return response
        return super().process_response(request, response)
