"""What is done for every request: it is logged, measured and read, its answer given a length."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from prometheus_client import Counter, Histogram

from broadsheet.site import errors

log = structlog.get_logger(__name__)
REQUESTS = Counter("broadsheet_requests_total", "Answered requests.", ["method", "view", "status"])
SECONDS = Histogram("broadsheet_request_seconds", "Time to an answer.", ["view"])
MOST_READ, PIECE = 16 * 1024 * 1024, 64 * 1024
# Of the threads that `serve` has for requests so many may wait for senders.
MOST_SENDING, WAIT_SECONDS = 2, 0.1
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


class ReadFirst:
    """Read a body before the request is answered, of few requests at a time.

    Whoever sends slowly keeps a thread of the server waiting, and must not keep all of them. What is too long
    is read as well, up to MOST_READ bytes more: a server closes the connection of a client that nobody
    listens to, and with it may go what was answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._free = threading.Semaphore(MOST_SENDING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request. Raises RequestDataTooBig, and BadRequest where the sender is gone."""
        if request.META.get("CONTENT_LENGTH", "") in {"", "0"}:
            return self.get_response(request)
        if not self._free.acquire(timeout=WAIT_SECONDS):
            return errors.busy(request)
        try:
            _read(request)
        except UnreadablePostError as problem:
            raise BadRequest(str(problem)) from problem
        finally:
            self._free.release()
        return self.get_response(request)


def _read(request: HttpRequest) -> None:
    try:
        _ = request.body  # which Django keeps for the view
    except RequestDataTooBig:
        left = MOST_READ
        while left > 0 and (piece := request.read(PIECE)):
            left -= len(piece)
        raise


class Common(CommonMiddleware):
    """Django's own, but that it gives no length to what is not sent again (RFC 9110, section 8.6)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say how long the answer is."""
        answer = super().process_response(request, response)
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            del answer["Content-Length"]
        return answer
