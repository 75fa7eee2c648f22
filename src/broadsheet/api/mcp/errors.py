"""What is refused before the SDK sees it: an error of JSON-RPC 2.0 that answers to no id."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpResponse

INVALID_REQUEST, INTERNAL_ERROR = -32600, -32603


def refusal(said: str, *, status: HTTPStatus) -> HttpResponse:
    """The answer that tells whoever asked what to do."""
    code = INTERNAL_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else INVALID_REQUEST
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": said}}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
