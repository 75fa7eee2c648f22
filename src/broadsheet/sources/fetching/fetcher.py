"""Asking a host: one request at a time and host, within limits of time and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2

from broadsheet.sources.fetching.clock import Clock

USABLE = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
REST = timedelta(minutes=1)


class FetchError(Exception):
    """A host cannot be asked, or its answer cannot be used; `until` is when it is worth trying again."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer said about its version, to ask next time only for a newer one (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the whole body, decompressed. `body` is empty where nothing has changed (304)."""

    url: str
    status: int
    content_type: str
    body: bytes
    validators: Validators

    @property
    def is_unchanged(self) -> bool:
        """True where the host says that what we have is the newest."""
        return self.status == HTTPStatus.NOT_MODIFIED


class Fetcher:
    """Asks hosts in their turn, over connections that are closed at the end of its `with` block.

    `patience` is how long `get` may wait for a host's turn.
    """

    def __init__(self, *, clock: Clock, patience: timedelta) -> None:
        self._clock = clock
        self._patience = patience
        self._client = httpx2.Client(timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(
        self, url: str, params: Mapping[str, str] | None = None, *, seen: Validators | None = None
    ) -> Answer:
        """The answer of the address, with status 200, 304, 400 or 404.

        Waits for the host's turn if that is near. Raises FetchError for any other status, for no answer, for
        one that is too large or too slow, and where the host is to be left alone for now.
        """
        headers = {}
        if seen and seen.etag:
            headers["If-None-Match"] = seen.etag
        if seen and seen.last_modified:
            headers["If-Modified-Since"] = seen.last_modified
        try:
            got = self._client.get(url, params=params, headers=headers)
        except httpx2.TransportError as problem:
            raise self._refused(url, str(problem)) from problem
        if got.status_code not in USABLE:
            raise self._refused(url, f"answered {got.status_code}")
        said = Validators(got.headers.get("etag", ""), got.headers.get("last-modified", ""))
        content_type = got.headers.get("content-type", "")
        return Answer(str(got.url), got.status_code, content_type, got.content, said)

    def unusable(self, answer: Answer, reason: str) -> FetchError:
        """The error to raise where an answer is not what was asked for; its host is left alone a while."""
        return self._refused(answer.url, reason)

    def _refused(self, url: str, reason: str) -> FetchError:
        return FetchError(f"{urlsplit(url).netloc} {reason}", until=self._clock.now() + REST)
