"""What goes wrong before a view or in one is told in the form of the interface that was asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from broadsheet.api.huggingface import errors as api
from broadsheet.web import errors as web


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, in JSON below /api/ and else as a page."""
    if _is_api(request):
        return api.bad_request(request, exception)
    return web.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, likewise."""
    return api.server_error(request) if _is_api(request) else web.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
