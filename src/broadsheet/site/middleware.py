"""What is done for every request: it is logged, measured and read to its end, its answer given a length."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from prometheus_client import Counter, Histogram

log = structlog.get_logger(__name__)
REQUESTS = Counter("broadsheet_requests_total", "Answered requests.", ["method", "view", "status"])
SECONDS = Histogram("broadsheet_request_seconds", "Time to an answer.", ["view"])
MOST_READ, PIECE = 16 * 1024 * 1024, 64 * 1024
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class RequestLog:
    """Give each request an id, log its outcome and count it. Queries and headers are never logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what a search asked for stays out of log and metrics."""
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            match = request.resolver_match
            view = (match.view_name if match else None) or "none"
            method = request.method if request.method in KNOWN_METHODS else "other"
            REQUESTS.labels(method, view, response.status_code).inc()
            SECONDS.labels(view).observe(seconds)
            log.debug(
                "request", method=method, view=view, status=response.status_code, ms=round(seconds * 1000, 1)
            )
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-Id"] = request_id
        return response


class ReadToTheEnd:
    """Read what is left of a body that a view refused, so that its sender gets to read the answer.

    A server closes the connection of a client that nobody listens to, and with it may go what was answered.
    Whoever sends more than MOST_READ bytes too much is left to that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        left = MOST_READ
        with contextlib.suppress(UnreadablePostError):
            while left > 0 and (piece := request.read(PIECE)):
                left -= len(piece)
        return response


class Common(CommonMiddleware):
    """Django's own, but that it gives no length to what is not sent again (RFC 9110, section 8.6)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say how long the answer is."""
        answer = super().process_response(request, response)
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            del answer["Content-Length"]
        return answer
