"""The way from Django to the SDK, which is an ASGI application: one message in, one answer out."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

import httpx2
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

MOST_BYTES = 4 * 1024 * 1024
PATH = "/mcp"


@require_POST
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message (streamable HTTP, without sessions and without streams of events).

    The SDK looks at it first: 413 for more than MOST_BYTES, 403 for a page of another site, 400 or 406 for
    what is no message. Its loop runs in a thread of its own, its tools in this one, which waits for them.
    """
    # As long in importing as all the rest: the start of the site need not wait for it.
    from broadsheet.api.mcp.server import over_http  # noqa: PLC0415

    if "Content-Length" not in request.headers:
        # Nobody but the server knows where a message in pieces ends, and WSGI has no way to tell (PEP 3333).
        return HttpResponse("Say how long the message is.", status=HTTPStatus.LENGTH_REQUIRED)
    host = request.get_host()
    # What WSGI gives as text are bytes (PEP 3333).
    message = httpx2.Request(
        "POST",
        f"http://{host}{PATH}",
        headers=[(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()],
        content=request.read(MOST_BYTES + 1),
    )
    answer, body = async_to_sync(_exchange)(over_http(host, path=PATH, most_bytes=MOST_BYTES), message)
    # Where the SDK names no type, the answer is empty or a few plain words.
    return HttpResponse(
        body, status=answer.status_code, content_type=answer.headers.get("content-type", "text/plain")
    )


async def _exchange(
    way: AbstractAsyncContextManager[httpx2.ASGITransport], message: httpx2.Request
) -> tuple[httpx2.Response, bytes]:
    async with way as transport:
        answer = await transport.handle_async_request(message)
        return answer, await answer.aread()
