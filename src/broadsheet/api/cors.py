"""Reading from pages of other sites: the headers by which browsers allow it (CORS, in the Fetch standard)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.http.private import protect

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
# What clients send that browsers ask about first. A token is read by nobody, and is no reason to refuse.
SENT = "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match"
SHOWN = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Message, X-Request-Id"
ONE_DAY = 24 * 3600


class OpenToOtherSites:
    """Let pages of any site read the API, without cookies; and answer what browsers ask before they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what is no part of the API stays closed."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
            del response["Content-Type"]
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = SENT
            response["Access-Control-Max-Age"] = str(ONE_DAY)
            protect(request, response)
        else:
            response = self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = SHOWN
        return response
