"""Reading from pages of other sites: the headers by which browsers allow it (CORS, in the Fetch standard).

Reading alone: a page of another site that was given a reader's token must not write with it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.http.posting import SAFE_METHODS
from broadsheet.http.private import protect

PREFIX = "/api/"
# Reads by POST what is too long for an address.
READ_BY_POST = frozenset({"/api/v1/papers/batch"})
METHODS = "GET, HEAD, OPTIONS"
# What clients send that browsers ask about first.
SENT = "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match"
SHOWN = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Message, X-Request-Id"
ONE_DAY = 24 * 3600


class OpenToOtherSites:
    """Let pages of any site read the API, without cookies; and answer what browsers ask before they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what writes or is no part of the API stays closed."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        is_asked_first = request.method == "OPTIONS"
        response = _preflight(request) if is_asked_first else self.get_response(request)
        if _reads(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = SHOWN
            if is_asked_first:
                response["Access-Control-Allow-Methods"] = METHODS
                response["Access-Control-Allow-Headers"] = SENT
                response["Access-Control-Max-Age"] = str(ONE_DAY)
        return response


def _preflight(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response["Content-Type"]
    protect(request, response)
    return response


def _reads(request: HttpRequest) -> bool:
    """Whether the request only reads, or the one that a browser asks about before.

    Browsers let every page send a POST whatever `Access-Control-Allow-Methods` says: what keeps a token out
    of it is that nothing at all is allowed.
    """
    asked = request.method
    if asked == "OPTIONS":
        asked = request.headers.get("Access-Control-Request-Method", asked)
    return asked in SAFE_METHODS or request.path in READ_BY_POST
