"""What goes wrong before a view or in one is told in the form of the interface that was asked."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

from broadsheet.api.arxiv import errors as arxiv
from broadsheet.api.huggingface import errors as huggingface
from broadsheet.api.mcp import errors as mcp
from broadsheet.api.v1 import errors as v1
from broadsheet.site.bodies import LARGE_SECONDS, SMALL_SECONDS, Unread, longest
from broadsheet.web import errors as web

ARXIV, MCP = "/api/query", "/mcp"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request makes no sense. 413 for what is too long; 421, from MCP alone, for another host."""
    status, title, said = HTTPStatus.BAD_REQUEST, "That request makes no sense", ""
    if isinstance(exception, DisallowedHost):
        title = "Not by that name"
        said = "This site does not go by that name; whoever runs it can add it to BROADSHEET_ALLOWED_HOSTS."
        if request.path.startswith(MCP):
            status = HTTPStatus.MISDIRECTED_REQUEST
    elif isinstance(exception, TooManyFieldsSent):
        title = "Too much at once"
        said = f"A request has no more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} parameters."
    elif isinstance(exception, RequestDataTooBig):
        status, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too much at once"
        most = min(longest(request.path_info), settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        said = f"A request has no more than {most:,} bytes."
    return _to_program(request, said or f"{title}.", status=status) or web.refused(
        request, status=status, title=title, said=said
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and logged."""
    said, status = "This went wrong here; it has been logged.", HTTPStatus.INTERNAL_SERVER_ERROR
    return _to_program(request, said, status=status) or web.server_error(request)


def too_soon(request: HttpRequest, said: str, *, retry_after: timedelta) -> HttpResponse:
    """429: it may be asked for again after that time."""
    status = HTTPStatus.TOO_MANY_REQUESTS
    if request.path == ARXIV:
        # All else it says in a feed, and this in plain words.
        response = HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
    else:
        response = _to_program(request, said, status=status) or web.too_soon(
            request, said, retry_after=retry_after
        )
    response["Retry-After"] = str(retry_after // timedelta(seconds=1))
    return response


UNREAD = {
    Unread.LATE: (
        HTTPStatus.REQUEST_TIMEOUT,
        f"What you sent did not come within {SMALL_SECONDS:.0f} seconds ({LARGE_SECONDS:.0f} beyond 64 KB).",
    ),
    Unread.BUSY: (HTTPStatus.SERVICE_UNAVAILABLE, "Others are sending just now; try again in a moment."),
    Unread.UNMEASURED: (
        HTTPStatus.LENGTH_REQUIRED,
        "Say how long it is what you send (Content-Length); what comes in chunks is not read.",
    ),
}


def unread(request: HttpRequest, reason: Unread) -> HttpResponse:
    """408, 503 or 411: what the client sent, or was about to send, was not read."""
    status, said = UNREAD[reason]
    response = _refused(request, said, status=status, title="Not read")
    if reason is Unread.BUSY:
        response["Retry-After"] = "1"
    return response


def not_just_now(request: HttpRequest, said: str) -> HttpResponse:
    """503: nothing can be written, or what is asked for is there and cannot be found at the moment."""
    return _refused(request, said, status=HTTPStatus.SERVICE_UNAVAILABLE, title="Not just now")


def for_members(request: HttpRequest) -> HttpResponse:
    """401: this site is for its members alone (RFC 9110, 15.5.2)."""
    said = "This site is for its members: sign in, or send a token with the scope read."
    response = _refused(request, said, status=HTTPStatus.UNAUTHORIZED, title="For members")
    response["WWW-Authenticate"] = "Bearer"
    return response


def precondition_failed(request: HttpRequest, said: str) -> HttpResponse:
    """412: what was asked for is not as the request says."""
    return _refused(request, said, status=HTTPStatus.PRECONDITION_FAILED, title="Not as it was")


def not_acceptable(request: HttpRequest, said: str) -> HttpResponse:
    """406: it is here, but not in any form that the request takes."""
    return _refused(request, said, status=HTTPStatus.NOT_ACCEPTABLE, title="Not in that form")


def _refused(request: HttpRequest, said: str, *, status: HTTPStatus, title: str) -> HttpResponse:
    return _to_program(request, said, status=status) or web.refused(
        request, status=status, title=title, said=said
    )


def _to_program(request: HttpRequest, said: str, *, status: HTTPStatus) -> HttpResponse | None:
    """The answer in the form of an API; None where a page was asked for."""
    path = request.path
    if f"{path}/".startswith("/api/v1/"):
        return v1.problem(status, said)
    if path == ARXIV:
        return arxiv.error(request, said, status=status)
    if path.startswith("/api/"):
        return huggingface.error(said, status=status)
    return mcp.refusal(said, status=status) if path.startswith(MCP) else None
