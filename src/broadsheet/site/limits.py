"""How much a client may ask for in a window of time.

Two things are limited. How often a program asks the APIs, feeds and exports, told in the headers of each
answer: each process that serves counts for itself. And what all that a client asks for costs, pages
included, as `accounts.limits` counts it: whoever opens twenty pages at once is a reader, and nearly all
are kept ready-made.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts.limits import (
    Address,
    Meter,
    TakenTooMuchError,
    client_of,
    is_limited,
    networks,
    take,
)
from broadsheet.community.together import written
from broadsheet.http.posting import SAFE_METHODS, is_one_click
from broadsheet.http.private import takes_tokens_only
from broadsheet.site import errors
from broadsheet.site.storing import refusal
from broadsheet.web import feed_formats, formats

SECONDS = 300
FILES = "|".join(map(re.escape, (*feed_formats.FORMS, *formats.FORMS, "md", "opml")))
COUNTED = re.compile(rf"/(?:api|mcp)(?:/|$)|/.*\.(?:{FILES})$", re.DOTALL)
# Asked about the site by those who watch over it.
UNCOUNTED = ("/healthz", "/metrics")
READ, POST = "read", "post"
METER = Meter()


@contextmanager
def reading(environ: Mapping[str, Any]) -> Iterator[None]:
    """Have the client of this request pay for the time spent. Raises TakenTooMuchError before any is."""
    address, began, now = client_of(environ), time.thread_time(), timezone.now()
    METER.check(READ, networks(address), now=now)
    try:
        yield
    finally:
        if not _is_here(address):
            # What cannot be written down now is no reason to refuse an answer that is made.
            with suppress(DatabaseError):
                METER.add(READ, networks(address), time.thread_time() - began, now=now)


class RateLimit:
    """Count what each client asks for, tell it what is left, and refuse what is more than its quota.

    The headers are those of Hugging Face, which its client reads (draft-ietf-httpapi-ratelimit-headers).
    Programs on this machine are told like all others and never refused: they are the operator's own, or a
    proxy that nobody told us of, behind which one client cannot be told from the next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it until the next window begins."""
        address = client_of(request.META)
        began, now = time.thread_time(), timezone.now()
        try:
            if _posts(request) and is_limited(POST):
                written(lambda: take(POST, networks(address), now=now))
            METER.check(READ, networks(address), now=now)
        except TakenTooMuchError as problem:
            return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
        except DatabaseError as problem:
            # What cannot be counted cannot be stored either.
            if answer := refusal(request, problem):
                return answer
            raise
        try:
            return self._answered(request, address)
        finally:
            if not _is_here(address) and not request.path_info.startswith(UNCOUNTED):
                # What cannot be written down now is no reason to refuse an answer that is made.
                with suppress(DatabaseError):
                    METER.add(READ, networks(address), time.thread_time() - began, now=now)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say what a view let through: that the client took too much."""
        if isinstance(exception, TakenTooMuchError):
            return errors.too_soon(request, str(exception), retry_after=exception.retry_after)
        return None

    def _answered(self, request: HttpRequest, address: Address | None) -> HttpResponse:
        quota = settings.BROADSHEET.api_quota
        if not quota or not COUNTED.match(request.path_info):
            return self.get_response(request)
        window, passed = divmod(int(time.time()), SECONDS)
        asked, left_seconds = _count(f"{window}:{counted_as(address)}"), SECONDS - passed
        if asked > quota and not _is_here(address):
            response = _refused(request, quota, left_seconds)
        else:
            response = self.get_response(request)
        response["RateLimit"] = f'"api";r={max(quota - asked, 0)};t={left_seconds}'
        response["RateLimit-Policy"] = f'"fixed window";"api";q={quota};w={SECONDS}'
        return response


def counted_as(address: Address | None) -> str:
    """The smallest network that counts as this client."""
    return networks(address)[0][0]


def _is_here(address: Address | None) -> bool:
    return address is None or address.is_loopback


def _posts(request: HttpRequest) -> bool:
    """True for what a form sends; programs may read by POST."""
    return request.method not in SAFE_METHODS and not (takes_tokens_only(request) or is_one_click(request))


def _count(key: str) -> int:
    counts = caches["limits"]
    if counts.add(key, 1, SECONDS):
        return 1
    try:
        return int(counts.incr(key))
    except ValueError:  # dropped since, to make room for others
        return 1


def _refused(request: HttpRequest, quota: int, left_seconds: int) -> HttpResponse:
    said = f"A client may ask {quota:,} times in {SECONDS} seconds; ask again in {left_seconds}."
    return errors.too_soon(request, said, retry_after=timedelta(seconds=left_seconds))
