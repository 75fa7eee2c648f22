"""What curators add to a paper: links, pictures or films, organizations; each is taken back as easily."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.community import deeds, here
from broadsheet.community.here import NoWordError
from broadsheet.papers import authors
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.models import Paper
from broadsheet.papers.names import name_slug
from broadsheet.papers.record import LINK_KINDS, Link, OrganizationName
from broadsheet.sources.files.fields import is_web_address

PAPER = "paper"
LONGEST_NAME, MOST_WORDS = 200, 20


def add_link(viewer: Viewer, paper: int, named: str, *, kind: str, url: str, now: datetime) -> None:
    """Give the paper a link of that kind. Raises NotAllowedError or NoWordError."""
    url = url.strip()
    if kind not in LINK_KINDS:
        raise NoWordError(f"Choose what the link leads to: {', '.join(LINK_KINDS)}.")
    if not is_web_address(url):
        raise NoWordError("Give a whole address that begins with https:// or http://.")
    _add(viewer, paper, "link", lambda: here.link(paper, named, Link(kind, url), now=now), now=now)


def add_organization(viewer: Viewer, paper: int, named: str, *, name: str, now: datetime) -> None:
    """Say that the paper comes from an organization, by its name or the one in its address.

    Raises NotAllowedError or NoWordError.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or not name_slug(name):
        raise NoWordError(f"Give the name of an organization, of at most {LONGEST_NAME} characters.")
    known = authors.organization(name) or authors.organization(name_slug(name))
    said = OrganizationName(known.slug, known.name) if known else OrganizationName(name_slug(name), name)
    _add(viewer, paper, "affiliate", lambda: here.affiliate(paper, named, said, now=now), now=now)


def take_back(viewer: Viewer, paper: int, key: str, *, now: datetime) -> None:
    """Take back what a curator gave the paper. Raises NotAllowedError or NoWordError."""
    curator = access.check(viewer, "curate", now=now)
    with transaction.atomic():
        locked_revision()
        if key not in {word.key for word in here.words(paper)}:
            raise NoWordError("No curator said that of this paper, or it was taken back already.")
        here.take_back(paper, key, now=now)
        deeds.log(curator, "unsay", PAPER, paper, reason="", before={"key": key}, now=now)


def _add(viewer: Viewer, paper: int, verb: str, say: Callable[[], str], *, now: datetime) -> None:
    curator = access.check(viewer, "curate", now=now)
    with transaction.atomic():
        locked_revision()
        if not Paper.objects.filter(pk=paper).exists():
            raise NoWordError("There is no such paper any more.")
        if len(here.words(paper)) >= MOST_WORDS:
            raise NoWordError(f"Curators gave this paper {MOST_WORDS} links and organizations already.")
        key = say()
        deeds.log(curator, verb, PAPER, paper, reason="", before={"key": key}, now=now)
