"""Tags: words of a person's own for papers that they keep. To tag a paper saves it.

A tag is there as long as a paper has it. It is renamed, joined with another, and deleted in place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import acting, parts, saving
from broadsheet.library.models import TAG_LENGTH, Saved, Tag
from broadsheet.library.parts import Own

# So many tags a paper may have.
MOST = 1_000


class TaggingError(ValueError):
    """It cannot be tagged so; the message says why."""


class NoTagError(LookupError):
    """The viewer has no tag of that name; the message says so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"You have no tag {name!r}.")


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many papers have it."""

    name: str
    papers: int


def tag(
    viewer: Viewer, papers: Mapping[int, str], names: Collection[str], *, now: datetime
) -> Collection[int]:
    """Give all these tags to all these papers, each with the name that the viewer acts on, and save what was
    not kept: the papers that changed.

    Raises NotAllowedError, TaggingError, SavingError and GoneError.
    """
    tags = [clean(name) for name in names]
    saving.has_room(viewer, papers)

    def change(named: str, own: Own) -> Own:
        return Own(with_tags(saving.kept(own, named, via=viewer.via, now=now), tags).saved)

    return acting.act(viewer, "tag", papers, change, now=now)


def untag(
    viewer: Viewer, papers: Mapping[int, str], names: Collection[str], *, now: datetime
) -> Collection[int]:
    """Take these tags from these papers, which stay saved: those that changed. Raises NotAllowedError and
    GoneError.
    """
    tags = {clean(name) for name in names}
    return acting.act(viewer, "untag", papers, lambda _, own: without(own, tags), now=now)


def set_tags(
    viewer: Viewer, paper: int, named: str, names: Collection[str], *, now: datetime
) -> Collection[int]:
    """Let the paper have these tags and no others; it is saved if it has any. Raises as `tag`."""
    tags = [clean(name) for name in names]

    def change(named: str, own: Own) -> Own:
        kept = saving.kept(own, named, via=viewer.via, now=now) if tags else own
        bare = replace(kept, saved=tuple(replace(part, tags=()) for part in kept.saved))
        return Own(with_tags(bare, tags).saved, () if tags else own.hidden)

    return acting.act(viewer, "tag", {paper: named}, change, now=now)


def rename(viewer: Viewer, name: str, to: str, *, now: datetime) -> Collection[int]:
    """Call a tag otherwise; it becomes one with a tag that has that name. The papers that changed.

    Raises NotAllowedError, NoTagError, TaggingError and GoneError.
    """
    new = clean(to)

    def change(_: str, own: Own) -> Own:
        return replace(
            own,
            saved=tuple(
                replace(part, tags=parts.sorted_tags(new if tag == name else tag for tag in part.tags))
                for part in own.saved
            ),
        )

    return acting.act(viewer, "rename", tagged_with(viewer, name, now=now), change, now=now)


def delete(viewer: Viewer, name: str, *, now: datetime) -> Collection[int]:
    """Take a tag from all papers that have it. Raises NotAllowedError, NoTagError and GoneError."""
    papers = tagged_with(viewer, name, now=now)
    return acting.act(viewer, "untag", papers, lambda _, own: without(own, {name}), now=now)


def mine(viewer: Viewer) -> Sequence[TagCount]:
    """The tags of the viewer by name, each with how many papers have it."""
    rows = Tag.objects.filter(person=viewer.pk).annotate(papers=Count("tagged")).order_by("name")
    return [TagCount(*row) for row in rows.values_list("name", "papers")] if viewer.pk else []


def tagged_with(viewer: Viewer, name: str, *, now: datetime) -> dict[int, str]:
    """The papers that the viewer has tagged so, with the names under which they are saved. Raises NoTagError
    and NotAllowedError.
    """
    person = access.check(viewer, "save", now=now)
    rows = Saved.objects.filter(person=person, tagged__tag__name=name)
    papers = dict(rows.values_list("paper", "named"))
    if not papers:
        raise NoTagError(name)
    return papers


def clean(name: str) -> str:
    """A tag as it is stored. Raises TaggingError where it is none."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name or len(name) > TAG_LENGTH or not name.isprintable():
        raise TaggingError(f"Give a tag of 1 to {TAG_LENGTH} characters.")
    return name


def with_tags(own: Own, tags: Collection[str]) -> Own:
    """What a person has of a paper that they keep with these tags, too. Pure. Raises TaggingError."""
    saved = tuple(replace(part, tags=parts.sorted_tags((*part.tags, *tags))) for part in own.saved)
    if any(len(part.tags) > MOST for part in saved):
        raise TaggingError(f"A paper can have {MOST:,} tags; take some away first.")
    return replace(own, saved=saved)


def without(own: Own, tags: Collection[str]) -> Own:
    """What a person has of a paper without these tags. Pure."""
    return replace(
        own,
        saved=tuple(replace(part, tags=tuple(t for t in part.tags if t not in tags)) for part in own.saved),
    )
