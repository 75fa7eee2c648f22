"""Finished answers: a kept page goes out again as it went out before, without a walk through Django.

Only what anybody gets who asks so is finished: a whole page of no great size, asked for without parameters,
by nobody in particular. Whether it still is what would be made is asked each time.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from django.db import Error
from django.http import Http404

from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.http.keeping import Again
from broadsheet.site import limits, middleware
from broadsheet.site.bodies import UNREAD

MOST, LARGEST = 1024, 64 * 1024
# All that an answer may depend on, of what a request says.
ASKED = (
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "PATH_INFO",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT",
)
# Who says any of these may get another answer.
SAYS_MORE = (
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_ORIGIN",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)
REQUEST_ID = "X-Request-Id"
Headers: TypeAlias = list[tuple[str, str]]
Environ: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out, but for the id of its request."""

    headers: Headers
    body: bytes
    again: Again


class Finished:
    """The last answers that were finished, by what was asked; safe for threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, environ: Environ) -> tuple[Headers, bytes] | None:
        """The answer to this request, counted and paid for like any other; None if Django has to be asked."""
        key = _key(environ)
        if key is None:
            return None
        with self._lock:
            answer = self._answers.get(key)
        if answer is None:
            return None
        started = time.perf_counter()
        try:
            with limits.reading(environ):
                if not answer.again.holds():
                    return None
        except (Error, TakenTooMuchError, Http404):
            return None
        middleware.count("GET", answer.again.view, HTTPStatus.OK, time.perf_counter() - started)
        return [*answer.headers, (REQUEST_ID, middleware.new_id())], answer.body

    def keep(self, environ: Environ, response: object, headers: Headers, body: bytes) -> None:
        """Keep the answer, if it can be given again to whoever asks so."""
        again, key = getattr(response, "again", None), _key(environ)
        if key is None or again is None or len(body) > LARGEST:
            return
        answer = Answer([header for header in headers if header[0] != REQUEST_ID], body, again)
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)


def _key(environ: Environ) -> tuple[str, ...] | None:
    if (
        environ["REQUEST_METHOD"] != "GET"
        or environ["QUERY_STRING"]
        or limits.COUNTED.match(environ["PATH_INFO"])
    ):
        return None
    if UNREAD in environ or any(name in environ for name in SAYS_MORE):
        return None
    return tuple(environ.get(name, "") for name in ASKED)
