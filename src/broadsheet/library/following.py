"""What a person follows: set and ended, never toggled.

A row keeps the name under which it was followed: where pages of authors are joined or parted later, it is
read by the words of curators that stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.accounts import access, joining
from broadsheet.accounts.access import Viewer
from broadsheet.library.models import NAME_LENGTH, Follow, FollowKind
from broadsheet.papers import attributions, authors, categories, reading
from broadsheet.papers.spellings import OF_KIND
from broadsheet.papers.taxonomy import category_name

# What has a page in the catalogue.
KINDS = (FollowKind.AUTHOR, FollowKind.ORGANIZATION, FollowKind.CATEGORY)
# Whose new papers are told of.
NAMED = (FollowKind.AUTHOR, FollowKind.ORGANIZATION)
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
    access.check(viewer, "follow", now=now)
    found = find(kind, name)
    if found is None:
        raise NothingToFollowError(f"There is no {kind} of that name here." if kind in KINDS else _KINDS_SAID)
    remember(viewer, found.kind, found.name, now=now)
    return found


def remember(viewer: Viewer, kind: str, name: str, *, now: datetime) -> None:
    """Write down that the viewer, who may, follows something that is there. Raises NothingToFollowError."""
    if Follow.objects.filter(person=viewer.pk).count() >= MOST:
        raise NothingToFollowError(f"You follow {MOST:,} already, which are the most; end some first.")
    row = Follow(person=viewer.person, kind=kind, name=name, since=now)
    Follow.objects.bulk_create([row], ignore_conflicts=True)
    joining.was_active(viewer, now=now)


def unfollow(viewer: Viewer, kind: str, name: str, *, now: datetime) -> None:
    """Follow it no more, by its name of now or by the one under which it was followed."""
    person = access.check(viewer, "follow", now=now)
    found = find(kind, name)
    names = {name[:NAME_LENGTH], *(names_of(kind, found.name) if found else ())}
    Follow.objects.filter(person=person, kind=kind, name__in=names).delete()


def follows(viewer: Viewer, kind: str, name: str) -> bool:
    """Whether the viewer follows what has that name in its address."""
    if viewer.pk is None:
        return False
    return Follow.objects.filter(person=viewer.pk, kind=kind, name__in=names_of(kind, name)).exists()


def mine(viewer: Viewer) -> Sequence[Followed]:
    """What the viewer follows, by kind and name."""
    if viewer.pk is None:
        return []
    rows = (
        Follow.objects.filter(person=viewer.pk, kind__in=KINDS)
        .order_by("kind", "name")
        .values_list("kind", "name")
    )
    followed: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, name in rows:
        followed[kind].append(name)
    return [one for kind, names in followed.items() for one in shown(kind, pages_of(kind, names))]


def shown(kind: str, names: Sequence[str]) -> list[Followed]:
    """The authors, organizations or categories of these names, each as it is printed."""
    printed: Mapping[str, str] = {}
    if kind == FollowKind.AUTHOR:
        printed = authors.author_names(names)
    elif kind == FollowKind.ORGANIZATION:
        printed = reading.organization_names(names)
    elif kind == FollowKind.CATEGORY:
        printed = {code: category_name(code) for code in names}
    return [Followed(kind, name, printed.get(name, name)) for name in names]


def are_there() -> bool:
    """Whether anybody follows an author or an organization."""
    return Follow.objects.filter(kind__in=NAMED).exists()


def followers(papers: Collection[int]) -> dict[int, dict[int, tuple[str, datetime]]]:
    """Of each paper the people who follow an author or an organization of it, each with the name of whom they
    follow, the first that is printed, and since when.
    """
    found: dict[int, dict[int, tuple[str, datetime]]] = defaultdict(dict)
    for kind in NAMED:
        naming = OF_KIND[kind]
        rows = naming.where._default_manager.filter(paper__in=papers).order_by("paper", "position")
        pages = list(rows.values_list("paper", naming.by))
        follows = _follows_of(kind, {page for _, page in pages})
        names = dict(naming.who._default_manager.filter(pk__in=follows).values_list("slug", "name"))
        for paper, page in pages:
            for person, since in follows.get(page, ()):
                found[paper].setdefault(person, (names[page], since))
    return found


def _follows_of(kind: str, pages: Collection[str]) -> dict[str, list[tuple[int, datetime]]]:
    """Who follows each of the pages, by whatever name, and since when."""
    led = attributions.all_led_to(kind, pages)
    page_of = {name: page for page in pages for name in (page, *led.get(page, ()))}
    rows = Follow.objects.filter(kind=kind, name__in=page_of).order_by("pk")
    follows: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for name, person, since in rows.values_list("name", "person", "since"):
        follows[page_of[name]].append((person, since))
    return follows


_KINDS_SAID = f"One can follow an {', an '.join(KINDS[:2])} or a {KINDS[2]}."


def names_of(kind: str, name: str) -> set[str]:
    """The names under which one may follow it: its own, and those that curators said to be another for it."""
    is_one = kind in {FollowKind.CATEGORY, FollowKind.TOPIC}
    return {name} if is_one else {name, *attributions.led_to(kind, name)}


def pages_of(kind: str, names: Sequence[str]) -> list[str]:
    """What is called so now by these names, each once."""
    if kind == FollowKind.CATEGORY:
        return [*names]
    return sorted(set(attributions.pages(kind, names).values()))


def find(kind: str, name: str) -> Followed | None:
    """What has that name, by its name of now; None where nothing has it."""
    if len(name) > NAME_LENGTH or not name.isprintable():
        return None
    if kind == FollowKind.CATEGORY:
        code = categories.canonical(name)
        return Followed(kind, code, category_name(code)) if categories.is_known(code) else None
    if kind not in KINDS:
        return None
    found = authors.author(name) if kind == FollowKind.AUTHOR else authors.organization(name)
    return Followed(kind, found.slug, found.name) if found else None
