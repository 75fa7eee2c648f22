"""What is done for every request: it is logged, measured and read."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from prometheus_client import Counter, Histogram

from broadsheet.http.posting import is_one_click
from broadsheet.site import errors
from broadsheet.site.bodies import UNREAD, longest

log = structlog.get_logger(__name__)
REQUESTS = Counter("broadsheet_requests_total", "Answered requests.", ["method", "view", "status"])
SECONDS = Histogram("broadsheet_request_seconds", "Time to an answer.", ["view"])
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def count(method: str, view: str, status: int, seconds: float) -> None:
    """Count an answer, and how long it took."""
    method = method if method in KNOWN_METHODS else "other"
    REQUESTS.labels(method, view, status).inc()
    SECONDS.labels(view).observe(seconds)
    log.debug("request", method=method, view=view, status=status, ms=round(seconds * 1000, 1))


def new_id() -> str:
    """An id for a request."""
    return uuid.uuid4().hex[:12]


class RequestLog:
    """Give each request an id, log its outcome and count it. Queries and headers are never logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what a search asked for stays out of log and metrics."""
        started = time.perf_counter()
        request_id = new_id()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            match = request.resolver_match
            view = (match.view_name if match else None) or "none"
            count(request.method or "", view, response.status_code, seconds)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        response["X-Request-Id"] = request_id
        return response


class ReadFirst:
    """Refuse a request whose body did not come: too long, too late, or of no known length.

    The gateway has read it by then; under another server it is read here. Where one click ends mail,
    it does not matter what came with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request. Raises RequestDataTooBig, and BadRequest where the sender is gone."""
        reason = request.META.get(UNREAD)
        if reason and not is_one_click(request):
            return errors.unread(request, reason)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > longest(request.path_info):
            raise RequestDataTooBig
        try:
            _ = request.body  # which Django keeps for the view
        except UnreadablePostError as problem:
            raise BadRequest(str(problem)) from problem
        return self.get_response(request)
