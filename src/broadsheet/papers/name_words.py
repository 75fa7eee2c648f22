"""Curators' words about names as they travel: with exports, dumps and to whoever follows this catalogue.

A word is told apart by all that it says and by when it was said, so that taking it over twice changes
nothing. What curators here said otherwise, or took back, stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from broadsheet.papers import attributing, attributions
from broadsheet.papers.attributing import AttributionError
from broadsheet.papers.attributions import Kind
from broadsheet.papers.models import Attribution
from broadsheet.papers.names import NameWord
from broadsheet.papers.spellings import OF_KIND

_COLUMNS = ("kind", "act", "slug", "page", "named", "name", "at", "withdrawn_at")


def every_word() -> Iterator[NameWord]:
    """All words that were ever said here, the first first."""
    for row in Attribution.objects.order_by("pk").values_list(*_COLUMNS):
        yield NameWord(*row)


def of_papers(papers: Collection[int]) -> list[NameWord]:
    """The words about the names that these papers print, and about the pages that these lead to."""
    if not attributions.are_there():
        return []
    found: dict[int, NameWord] = {}
    for kind in Kind:
        found |= _about(kind, _slugs(kind, papers))
    return [found[pk] for pk in sorted(found)]


def _slugs(kind: str, papers: Collection[int]) -> set[str]:
    naming = OF_KIND[kind]
    rows = naming.where._default_manager.filter(paper__in=papers).values_list(naming.by, "printed_slug")
    return {slug for row in rows for slug in row if slug}


def _about(kind: str, slugs: set[str]) -> dict[int, NameWord]:
    found: dict[int, NameWord] = {}
    seen: set[str] = set()
    while fresh := slugs - seen:
        seen |= fresh
        rows = Attribution.objects.filter(Q(slug__among=fresh) | Q(page__among=fresh), kind=kind)
        words = {pk: NameWord(*row) for pk, *row in rows.values_list("pk", *_COLUMNS)}
        found |= words
        slugs = {slug for word in words.values() for slug in (word.slug, word.page)}
    return found


def take_over(words: Iterable[NameWord], *, now: datetime) -> int:
    """Let what curators elsewhere said hold here, as far as nobody here said otherwise. How many words
    changed something.
    """
    # What was taken back there makes room for what was said instead.
    ordered = sorted(set(words), key=lambda word: (word.withdrawn_at is None, word.at))
    return sum(_taken_over(word, now=now) for word in ordered)


def _taken_over(word: NameWord, *, now: datetime) -> bool:
    said = {name: getattr(word, name) for name in _COLUMNS[:-1]}
    known: Sequence[tuple[int, datetime | None]] = list(
        Attribution.objects.filter(**said).values_list("pk", "withdrawn_at")[:1]
    )
    try:
        with transaction.atomic():
            if word.withdrawn_at is None and not known:
                attributing.say([Attribution(**said)], now=now)
            elif word.withdrawn_at and known and known[0][1] is None:
                attributing.take_back([known[0][0]], now=now)
            else:
                return False
    except AttributionError:
        # Curators here said that the name is another's.
        return False
    return True
