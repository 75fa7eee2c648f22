"""The way from Django to the SDK, which is an ASGI application: one message in, one answer out."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
from django.http import HttpRequest, HttpResponse

from broadsheet.api.mcp.errors import refusal
from broadsheet.configured import instance
from broadsheet.http.viewers import viewer_of

PATH = "/mcp"


def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message (streamable HTTP, without sessions and without streams of events)."""
    if request.method != "POST":
        said = "This address is for agents: it takes messages of the Model Context Protocol, by POST."
        refused = refusal(said, status=HTTPStatus.METHOD_NOT_ALLOWED)
        refused["Allow"] = "POST"
        return refused
    if not _may_ask(request):
        return refusal("Pages of other sites may not ask here.", status=HTTPStatus.FORBIDDEN)
    if "Content-Length" not in request.headers:
        # Nobody but the server knows where a message in pieces ends, and WSGI has no way to tell (PEP 3333).
        return refusal("Say how long the message is.", status=HTTPStatus.LENGTH_REQUIRED)
    return _answer(request)


def _may_ask(request: HttpRequest) -> bool:
    """Whether it is no browser that asks, or one with a page of ours.

    Any page may send a browser to a name that leads to this machine (DNS rebinding): Django knows our names.
    """
    origin, host = request.headers.get("Origin"), request.get_host()
    site = urlsplit(instance().site_url)
    return not origin or origin in {f"http://{host}", f"https://{host}", f"{site.scheme}://{site.netloc}"}


def _answer(request: HttpRequest) -> HttpResponse:
    # As long in importing as all the rest: the start of the site need not wait for it.
    from broadsheet.api.mcp.loop import exchange  # noqa: PLC0415

    message = httpx2.Request(
        "POST",
        f"http://{request.get_host()}{PATH}",
        # What WSGI gives as text are bytes (PEP 3333).
        headers=[(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()],
        content=request.body,
    )
    viewer = viewer_of(request)
    _ = viewer.pk  # who it is has to be found before the loop, in which the database may not be asked
    answer, body = exchange(message, viewer)
    status, kind = HTTPStatus(answer.status_code), answer.headers.get("content-type")
    if status >= HTTPStatus.BAD_REQUEST and kind != "application/json":
        # Of a few headers the SDK says in plain words, or not at all, what is wrong with them.
        return refusal(body.decode() or status.phrase, status=status)
    return HttpResponse(body, status=status, content_type=kind)
