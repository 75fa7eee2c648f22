"""Asking a host: one request at a time and host, within limits of time and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus


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
    """Asks hosts in their turn."""

    def get(
        self, url: str, params: Mapping[str, str] | None = None, *, seen: Validators | None = None
    ) -> Answer:
        """The answer of the address, with status 200, 304, 400 or 404.

        Waits for the host's turn if that is near. Raises FetchError for any other status, for no answer, for
        one that is too large or too slow, and where the host is to be left alone for now.
        """
        raise NotImplementedError

    def unusable(self, answer: Answer, reason: str) -> FetchError:
        """The error to raise where an answer is not what was asked for; its host is left alone a while."""
        raise NotImplementedError
