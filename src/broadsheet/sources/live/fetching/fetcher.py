"""Asking a host: one request at a time and host, within limits of time and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Self

import httpx2
import structlog

from broadsheet.sources.live.fetching import turns
from broadsheet.sources.live.fetching.addresses import Origin, addresses_of, origin, own_origins, redirected
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.exchange import REDIRECTS, Reply, exchange, open_client
from broadsheet.sources.live.fetching.turns import Turn
from broadsheet.sources.settings import source_settings

MOST_REDIRECTS = 5

log = structlog.get_logger(__name__)


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
    turn: Turn = field(repr=False)

    @property
    def is_unchanged(self) -> bool:
        """True where the host says that what we have is the newest."""
        return self.status == HTTPStatus.NOT_MODIFIED


class Fetcher:
    """Asks hosts in their turn; for use in a `with` block, and outside of any transaction.

    `patience` is how long `get` may wait for a turn.
    """

    def __init__(self, *, clock: Clock, patience: timedelta) -> None:
        self._clock = clock
        self._patience = patience
        self._client = open_client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._client.close()

    def get(
        self, url: str, params: Mapping[str, str] | None = None, *, seen: Validators | None = None
    ) -> Answer:
        """The answer of the address, with status 200, 304, 400, 404 or 409; redirects are followed.

        Waits for the host's turn if that is near. Raises FetchError for any other status, for no answer, for
        one that is too large or too slow, and where the host is to be left alone for now.
        """
        asked = httpx2.URL(url).copy_merge_params(dict(params or {}))
        headers = _headers(seen or Validators())
        return self._follow(asked, headers, own=own_origins(source_settings()), path=())

    def unusable(self, answer: Answer, reason: str) -> FetchError:
        """The error to raise where an answer is not what was asked for; its host is left alone a while.

        `reason` goes on after the host's name: "sent HTML where XML was promised".
        """
        return self._refused(answer.turn, _host(httpx2.URL(answer.url)), RefusalError(reason))

    def _follow(
        self, url: httpx2.URL, headers: Mapping[str, str], *, own: frozenset[Origin], path: tuple[str, ...]
    ) -> Answer:
        # Who leads us to a stranger leads us out of our own network, and not back.
        own = own if origin(url) in own else frozenset()
        host = _host(url) + (f" (where {path[-1]} redirects to)" if path else "")
        turn, reply = self._ask(url, headers, host=host, is_own=bool(own))
        if reply.status not in REDIRECTS:
            return _answer(url, reply, turn)
        if len(path) == MOST_REDIRECTS:
            raise self._refused(turn, host, RefusalError(f"redirects again after {MOST_REDIRECTS} redirects"))
        try:
            target = redirected(url, reply.headers.get("location", ""), own)
        except RefusalError as problem:
            raise self._refused(turn, host, problem) from problem
        return self._follow(target, headers, own=own, path=(*path, _host(url)))

    def _ask(
        self, url: httpx2.URL, headers: Mapping[str, str], *, host: str, is_own: bool
    ) -> tuple[Turn, Reply]:
        turn = self._turn_at(turns.name_of(url))
        started = self._clock.now()
        log.debug("asking", host=_host(url), path=url.path)
        try:
            reply = exchange(self._client, url, addresses_of(url, is_own=is_own), headers)
            if reply.status not in REDIRECTS:
                turns.forgive(turn)
        except RefusalError as problem:
            raise self._refused(turn, host, problem) from problem
        finally:
            now = self._clock.now()
            turns.release(turn, free_at=now + turns.interval(turn.name, source_settings()))
        seconds = (now - started).total_seconds()
        log.debug("answered", host=_host(url), status=reply.status, bytes=len(reply.body), seconds=seconds)
        return turn, reply

    def _turn_at(self, name: str) -> Turn:
        patient_until = self._clock.now() + self._patience
        while True:
            now = self._clock.now()
            try:
                return turns.claim(name, now=now)
            except turns.NotYetError as problem:
                if problem.until > patient_until:
                    raise FetchError(str(problem), until=problem.until) from problem
                self._clock.sleep((problem.until - now).total_seconds())

    def _refused(self, turn: Turn, host: str, refusal: RefusalError) -> FetchError:
        left_alone = turns.refuse(turn, host, refusal, now=self._clock.now())
        log.warning("refused", host=turn.name, reason=str(left_alone))
        return FetchError(str(left_alone), until=left_alone.until)


def _host(url: httpx2.URL) -> str:
    """What messages may say of an address: neither who asks nor what for."""
    return url.netloc.decode("ascii")


def _headers(seen: Validators) -> dict[str, str]:
    contact = source_settings().contact.encode("ascii", "replace").decode()
    agent = f"Broadsheet/{version('broadsheet')}" + (f" ({contact})" if contact else "")
    headers = {"User-Agent": agent, "If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in headers.items() if value}


def _answer(url: httpx2.URL, reply: Reply, turn: Turn) -> Answer:
    said = {name: value for name, value in reply.headers.items() if value.isascii()}
    return Answer(
        url=str(url.copy_with(userinfo=b"")),
        status=reply.status,
        content_type=said.get("content-type", ""),
        body=reply.body,
        validators=Validators(said.get("etag", ""), said.get("last-modified", "")),
        turn=turn,
    )
