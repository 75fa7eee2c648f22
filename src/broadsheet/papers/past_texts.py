"""What sources said before: kept when another text takes its place, and compared for a paper's page."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from broadsheet.papers.comparing import Piece, compared
from broadsheet.papers.inserting import insert_missing
from broadsheet.papers.models import PastText
from broadsheet.papers.record import OldText, Record, Version

# Whoever changes a paper more often than this has had the last word on its page.
CHANGES_SHOWN = 10
# By source and key of a record, the oldest first.
OfRecords = Mapping[tuple[str, str], tuple[OldText, ...]]
_COLUMNS = ("version", "title", "abstract", "replaced_at")


@dataclass(frozen=True, slots=True)
class TextChange:
    """How title and abstract changed; one that did not change is empty.

    `version` is the version that changed them, and `since` the one before that we know; both are 0 where
    the source numbers none. `on` is the day of the version or, where it has none, that on which we saw it.
    """

    since: int
    version: int
    on: date
    title: tuple[Piece, ...]
    abstract: tuple[Piece, ...]


def replaced(before: Record, after: Record, *, now: datetime) -> OldText | None:
    """What a record said, if its new state says it otherwise. An abstract that was missing is no change."""
    if _squeezed(before.title) == _squeezed(after.title) and (
        not before.abstract or _squeezed(before.abstract) == _squeezed(after.abstract)
    ):
        return None
    version = max((version.number for version in before.versions), default=0)
    return OldText(version, before.title, before.abstract, now)


def keep(texts: Iterable[tuple[str, str, OldText]]) -> None:
    """Store old texts under the source and key of their record; those that are there already stay."""
    insert_missing(
        PastText,
        ("source", "key", "digest", *_COLUMNS),
        (
            (source, key, _digest(one), one.version, one.title, one.abstract, one.replaced_at)
            for source, key, one in texts
        ),
    )


def of_keys(names: Collection[tuple[str, str]]) -> OfRecords:
    """The old texts of the records of these sources and keys that have some, the oldest first; one query."""
    keys: dict[str, list[str]] = {}
    for source, key in names:
        keys.setdefault(source, []).append(key)
    of_records = Q(pk__in=())
    for source, keys_of_source in keys.items():
        of_records |= Q(source=source, key__in=keys_of_source)
    rows = PastText.objects.filter(of_records).order_by("version", "replaced_at", "pk")
    found: dict[tuple[str, str], tuple[OldText, ...]] = {}
    for source, key, *columns in rows.values_list("source", "key", *_COLUMNS):
        found[source, key] = (*found.get((source, key), ()), OldText(*columns))
    return found


def changes_of(
    past: Sequence[OldText], *, title: str, abstract: str, versions: Sequence[Version]
) -> tuple[TextChange, ...]:
    """How the old texts, the oldest first, became those of now: the last changes, the last one first."""
    return tuple(_changes(title, abstract, versions, past[-CHANGES_SHOWN:][::-1]))


def _changes(
    title: str, abstract: str, versions: Sequence[Version], past: Sequence[OldText]
) -> Iterator[TextChange]:
    days = {version.number: version.created_at for version in versions}
    number = max(days, default=0)
    for before in past:
        change = TextChange(
            before.version,
            number,
            ((before.version < number and days.get(number)) or before.replaced_at).date(),
            _compared(before.title, title),
            _compared(before.abstract, abstract),
        )
        if change.title or change.abstract:
            yield change
        title, abstract, number = before.title, before.abstract, before.version


def _compared(before: str, after: str) -> tuple[Piece, ...]:
    pieces = compared(before, after)
    return pieces if any(piece.kind != "same" for piece in pieces) else ()


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _digest(one: OldText) -> bytes:
    texts = f"{_squeezed(one.title)}\0{_squeezed(one.abstract)}"
    return hashlib.blake2b(texts.encode(), digest_size=16).digest()
