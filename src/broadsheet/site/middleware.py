"""One log line and one measurement per request, with the request's id."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

log = structlog.get_logger(__name__)
REQUESTS = Counter("broadsheet_requests_total", "Answered requests.", ["method", "view", "status"])
SECONDS = Histogram("broadsheet_request_seconds", "Time to an answer.", ["view"])
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
