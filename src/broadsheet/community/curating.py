"""What curators add to a paper: links, pictures or films, organizations; each is taken back as easily.

Whoever is verified as an author of the paper may say the same of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from django.db import transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import claiming, deeds, here
from broadsheet.community.here import NoSuchWordError, NoWordError
from broadsheet.community.models import Claim, ClaimState
from broadsheet.papers import authors
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.models import Paper
from broadsheet.papers.names import name_slug
from broadsheet.papers.record import LINK_KINDS, Link, OrganizationName
from broadsheet.papers.text import unpiled
from broadsheet.sources.files.fields import is_web_address

PAPER = "paper"
LONGEST_NAME, MOST_WORDS = 200, 20


def may_add(viewer: Viewer, claims: Collection[Claim], *, now: datetime) -> bool:
    """Whether the viewer may add something to a paper with these claims of authors."""
    if access.may(viewer, "curate", now=now):
        return True
    own = (claim for claim in claims if claim.person_id == viewer.pk)
    is_author = any(claim.state == ClaimState.VERIFIED for claim in own)
    return is_author and access.may(viewer, "claim", now=now)


def add_link(viewer: Viewer, paper: int, named: str, *, kind: str, url: str, now: datetime) -> None:
    """Give the paper a link of that kind. Raises NotAllowedError or NoWordError."""
    said = _link(kind, url)
    _add(viewer, paper, "link", lambda: here.link(paper, named, said, now=now), now=now)


def set_links(viewer: Viewer, paper: int, named: str, links: Mapping[str, str], *, now: datetime) -> None:
    """Let these be the only links of their kinds that people here gave the paper; without an address, none.

    To say it again changes nothing. Raises NotAllowedError or NoWordError.
    """
    wanted = {kind: _link(kind, url) for kind, url in links.items() if url.strip()}
    with transaction.atomic():
        locked_revision()
        _may(viewer, paper, now=now)
        said = [(word.key, word.link) for word in here.words(paper) if word.link]
        for key, link in said:
            if link.kind in links and link != wanted.get(link.kind):
                take_back(viewer, paper, key, now=now)
        for link in wanted.values():
            if link not in [known for _, known in said]:
                add_link(viewer, paper, named, kind=link.kind, url=link.url, now=now)


def add_organization(viewer: Viewer, paper: int, named: str, *, name: str, now: datetime) -> None:
    """Say that the paper comes from an organization, by its name or the one in its address.

    Raises NotAllowedError or NoWordError.
    """
    name = unpiled(" ".join(name.split()))
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or not name_slug(name):
        raise NoWordError(f"Give the name of an organization, of at most {LONGEST_NAME} characters.")
    known = authors.organization(name) or authors.organization(name_slug(name))
    said = OrganizationName(known.slug, known.name) if known else OrganizationName(name_slug(name), name)
    _add(viewer, paper, "affiliate", lambda: here.affiliate(paper, named, said, now=now), now=now)


def take_back(viewer: Viewer, paper: int, key: str, *, now: datetime) -> None:
    """Take back what a curator gave the paper. Raises NotAllowedError or NoWordError."""
    curator = _may(viewer, paper, now=now)
    with transaction.atomic():
        locked_revision()
        if key not in {word.key for word in here.words(paper)}:
            raise NoSuchWordError("No curator said that of this paper, or it was taken back already.")
        here.take_back(paper, key, now=now)
        deeds.log(curator, "unsay", PAPER, paper, reason="", before={"key": key}, now=now)


def _link(kind: str, url: str) -> Link:
    """The link, as it is said. Raises NoWordError."""
    url = url.strip()
    if kind not in LINK_KINDS:
        raise NoWordError(f"Choose what the link leads to: {', '.join(LINK_KINDS)}.")
    if not is_web_address(url):
        raise NoWordError("Give a whole address that begins with https:// or http://.")
    return Link(kind, url)


def _may(viewer: Viewer, paper: int, *, now: datetime) -> Person:
    """The person who may say something of the paper. Raises NotAllowedError."""
    if access.may(viewer, "curate", now=now):
        return access.check(viewer, "curate", now=now)
    person = access.check(viewer, "claim", now=now)
    if viewer.acts_as_agent or not claiming.is_author(person, paper):
        raise access.NotAllowedError(
            "That takes a curator, or somebody who is verified as an author of this paper."
        )
    return person


def _add(viewer: Viewer, paper: int, verb: str, say: Callable[[], str], *, now: datetime) -> None:
    curator = _may(viewer, paper, now=now)
    with transaction.atomic():
        locked_revision()
        if not Paper.objects.filter(pk=paper).exists():
            raise NoWordError("There is no such paper any more.")
        if len(here.words(paper)) >= MOST_WORDS:
            raise NoWordError(f"Curators gave this paper {MOST_WORDS} links and organizations already.")
        key = say()
        deeds.log(curator, verb, PAPER, paper, reason="", before={"key": key}, now=now)
