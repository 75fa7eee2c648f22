"""What cannot be done just now is 503 and why: nothing is acknowledged that is not stored, and no list is
called empty that cannot be searched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.mail import NotSentError
from broadsheet.configured import instance
from broadsheet.http.posting import SAFE_METHODS
from broadsheet.papers import database_file
from broadsheet.papers.disk import is_full
from broadsheet.search.word_index.lexical import WordIndexError
from broadsheet.site import errors

NO_ROOM = "The disk of this site is full: nothing can be stored until there is room again. Reading goes on."
NO_DATABASE = "The database of this site cannot be used just now; try again in a minute."

# What SQLite says of its file, in the lowest byte; anything else is a mistake in what it was asked.
_OF_THE_FILE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)

log = structlog.get_logger(__name__)


class StoredOrRefused:
    """Refuse what could not be stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; a write is acknowledged only if the file that it went into is in its place."""
        response = self.get_response(request)
        if request.method not in SAFE_METHODS and (why := database_file.gone()):
            log.error("nothing is stored", reason=why)
            return errors.not_just_now(request, NO_DATABASE)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer where a view failed for disk, database, index or mail; None for any other error."""
        return refusal(request, exception)


def refusal(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The answer where the disk is full, the database or the relay of mail is away, or words cannot be
    searched; None for any other error.
    """
    if is_full(exception, folder=instance().data):
        log.error("the disk is full", reason=str(exception))
        return errors.not_just_now(request, NO_ROOM)
    if _is_away(exception):
        log.error("the database cannot be used", reason=str(exception).strip())
        return errors.not_just_now(request, NO_DATABASE)
    said = str(exception) if isinstance(exception, (WordIndexError, NotSentError)) else ""
    return errors.not_just_now(request, said) if said else None


def _is_away(exception: Exception) -> bool:
    """True if the file or the server of the database cannot be used; not if it was asked nonsense."""
    said = exception if isinstance(exception, sqlite3.Error) else exception.__cause__
    if isinstance(said, sqlite3.Error):
        return getattr(said, "sqlite_errorcode", 0) & 0xFF in _OF_THE_FILE or bool(database_file.gone())
    is_of_the_server = isinstance(exception, (OperationalError, InterfaceError)) and said is not None
    return is_of_the_server and connection.vendor != "sqlite"
