"""What goes wrong before a view or in one is told in the form of the interface that was asked."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.api.huggingface import errors as api
from broadsheet.api.v1 import errors as v1
from broadsheet.web import errors as web


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, in JSON below /api/ and else as a page."""
    if _is_ours(request):
        return v1.bad_request(request, exception)
    if _is_api(request):
        return api.bad_request(request, exception)
    return web.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, likewise."""
    if _is_ours(request):
        return v1.server_error(request)
    return api.server_error(request) if _is_api(request) else web.server_error(request)


def too_soon(request: HttpRequest, said: str, *, retry_after: timedelta) -> HttpResponse:
    """429, likewise; our own API has a form of its own, and arXiv's says it in plain words."""
    status, path = HTTPStatus.TOO_MANY_REQUESTS, request.path
    if _is_ours(request):
        response = v1.problem(status, said)
    elif path == "/api/query":
        response = HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
    elif _is_api(request) or path.startswith("/mcp"):
        response = api.error(said, status=status)
    else:
        return web.too_soon(request, said, retry_after=retry_after)
    response["Retry-After"] = str(retry_after // timedelta(seconds=1))
    return response


def _is_ours(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
