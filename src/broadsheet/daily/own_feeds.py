"""Feeds of lists at secret addresses: a list as its person sees it, for a feed reader, which cannot sign in.

The secret is shown once and kept as a digest. It opens one list and nothing else.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import QuerySet

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.tokens import digest
from broadsheet.daily import lists
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.daily.list_names import as_json, from_json
from broadsheet.daily.models import LIST_LENGTH
from broadsheet.library.models import NAME_LENGTH, ListFeed

# So many a person may have.
MOST = 100


class OwnFeedError(ValueError):
    """There can be no such feed; the message says why."""


class NoFeedError(LookupError):
    """The viewer has no such feed; the message says so."""

    def __init__(self) -> None:
        super().__init__("You have no such feed.")


def make(viewer: Viewer, wanted: ListName, *, now: datetime) -> tuple[ListFeed, str]:
    """A feed of the list, as the viewer sees it, and its secret, which is told this once.

    Raises NotAllowedError, OwnFeedError and WordIndexError.
    """
    person = access.check(viewer, "save", now=now)
    if viewer.scopes is not None:
        raise access.NotAllowedError("Whoever wants a feed of their own makes it on the page for that.")
    if ListFeed.objects.filter(person=person).count() >= MOST:
        raise OwnFeedError(f"You have {MOST} feeds already, which are the most; end some first.")
    try:
        found = lists.read(wanted, viewer, Part(0), today=now.date())
    except UnknownListError as problem:
        raise OwnFeedError(str(problem)) from problem
    stored = as_json(found.name)
    if len(repr(stored)) > LIST_LENGTH:
        raise OwnFeedError("The name of that list is too long to be kept.")
    secret = secrets.token_urlsafe(24)
    feed = ListFeed.objects.create(
        person=person, digest=digest(secret), name=found.title[:NAME_LENGTH], wanted=stored, made_at=now
    )
    return feed, secret


def mine(viewer: Viewer) -> QuerySet[ListFeed]:
    """The viewer's feeds, the last made first."""
    return ListFeed.objects.filter(person=viewer.pk).order_by("-pk") if viewer.pk else ListFeed.objects.none()


def end(viewer: Viewer, key: int, *, now: datetime) -> None:
    """Let the address of a feed of the viewer's lead nowhere. Raises NotAllowedError and NoFeedError."""
    person = access.check(viewer, "read", now=now)
    ended, _ = ListFeed.objects.filter(person=person, pk=key).delete()
    if not ended:
        raise NoFeedError


def find(secret: str) -> ListFeed | None:
    """The feed with that secret."""
    found = ListFeed.objects.filter(digest=digest(secret), person__left_at=None)
    return found.select_related("person").first()


def read(feed: ListFeed, *, limit: int, now: datetime) -> Entries:
    """The beginning of the list, as its person sees it. Raises UnknownListError and WordIndexError."""
    viewer = Viewer(person=feed.person, scopes=frozenset({"read"}))
    return lists.read(from_json(feed.wanted), viewer, Part(limit=limit), today=now.date())
