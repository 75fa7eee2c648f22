"""What a person follows: set and ended, never toggled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.accounts import access, joining
from broadsheet.accounts.access import Viewer
from broadsheet.library.models import NAME_LENGTH, Follow, FollowKind
from broadsheet.papers import authors, categories, reading
from broadsheet.papers.taxonomy import category_name

# What has a page in the catalogue.
KINDS = (FollowKind.AUTHOR, FollowKind.ORGANIZATION, FollowKind.CATEGORY)
MOST = 1_000


class NothingToFollowError(ValueError):
    """There is nothing of that name to follow; the message says so."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a person follows: its kind, its name in its address, and how it is printed."""

    kind: str
    name: str
    shown: str


def follow(viewer: Viewer, kind: str, name: str, *, now: datetime) -> Followed:
    """Follow that author, organization or category. To follow it again changes nothing.

    Raises NotAllowedError or NothingToFollowError.
    """
    person = access.check(viewer, "follow", now=now)
    found = _found(kind, name)
    if found is None:
        raise NothingToFollowError(f"There is no {kind} of that name here." if kind in KINDS else _KINDS_SAID)
    if Follow.objects.filter(person=person).count() >= MOST:
        raise NothingToFollowError(f"You follow {MOST:,} already, which are the most; end some first.")
    row = Follow(person=person, kind=found.kind, name=found.name, since=now)
    Follow.objects.bulk_create([row], ignore_conflicts=True)
    joining.was_active(viewer, now=now)
    return found


def unfollow(viewer: Viewer, kind: str, name: str, *, now: datetime) -> None:
    """Follow it no more, by its name of now or by the one under which it was followed."""
    person = access.check(viewer, "follow", now=now)
    found = _found(kind, name)
    names = {name[:NAME_LENGTH], *([found.name] if found else [])}
    Follow.objects.filter(person=person, kind=kind, name__in=names).delete()


def follows(viewer: Viewer, kind: str, name: str) -> bool:
    """Whether the viewer follows what has that name in its address."""
    return viewer.pk is not None and Follow.objects.filter(person=viewer.pk, kind=kind, name=name).exists()


def mine(viewer: Viewer) -> Sequence[Followed]:
    """What the viewer follows, by kind and name."""
    if viewer.pk is None:
        return []
    rows = (
        Follow.objects.filter(person=viewer.pk, kind__in=KINDS)
        .order_by("kind", "name")
        .values_list("kind", "name")
    )
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, name in rows:
        names[kind].append(name)
    printed = {
        FollowKind.AUTHOR: authors.author_names(names[FollowKind.AUTHOR]),
        FollowKind.ORGANIZATION: reading.organization_names(names[FollowKind.ORGANIZATION]),
        FollowKind.CATEGORY: {code: category_name(code) for code in names[FollowKind.CATEGORY]},
    }
    return [Followed(kind, name, printed[kind].get(name, name)) for kind in KINDS for name in names[kind]]


_KINDS_SAID = f"One can follow an {', an '.join(KINDS[:2])} or a {KINDS[2]}."


def _found(kind: str, name: str) -> Followed | None:
    """What has that name, by its name of now."""
    if len(name) > NAME_LENGTH or not name.isprintable():
        return None
    if kind == FollowKind.CATEGORY:
        code = categories.canonical(name)
        return Followed(kind, code, category_name(code)) if categories.is_code(code) else None
    if kind not in KINDS:
        return None
    found = authors.author(name) if kind == FollowKind.AUTHOR else authors.organization(name)
    return Followed(kind, found.slug, found.name) if found else None
