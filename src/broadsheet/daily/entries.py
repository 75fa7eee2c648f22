"""What a list is called, which part of it is wanted, and what a reader of it gives: see `daily.lists`.

Whatever a list is made of, each of its papers has a key that says where it stands: numbers, the lowest first.
So a list can be gone on with after any of its papers, and papers that come in meanwhile shift nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.daily.periods import Period
from broadsheet.search.finding import SearchResult
from broadsheet.search.fusion import Hit
from broadsheet.search.query.language import Query

Key: TypeAlias = tuple[float, ...]
Ordered = TypeVar("Ordered")
# The total of a list that nobody counts, since that takes longer than to read a part of it.
UNCOUNTED = -1
# No list that is read as a whole has so many papers.
EVERYTHING = 1_000_000


class UnknownListError(LookupError):
    """There is no such list; the message says so to a reader."""


@dataclass(frozen=True, slots=True)
class ListName:
    """What a list is called: its kind, its name among those of the kind, and its order.

    Without an order it has that of its page. A `submitter` leaves only what was sent in under this username
    of the source, in daily lists, `only` a part of an edition (see `contents`), and a `sense` the answers of
    a search that have it. `like` and `unlike` are further examples for the papers similar to one, by any of
    their names. `conditions` are those of a query in another language than ours.
    """

    kind: str
    name: str = ""
    order: str = ""
    submitter: str = ""
    sense: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    conditions: Query | None = None
    as_of: date | None = None
    only: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted: `limit` papers after the first `offset`, or after a cursor.

    With `since`, the cursor of a paper, the list is what stands above that paper. Where it `is_told`, what
    there is to be said of a search comes with its papers.
    """

    limit: int = 50
    offset: int = 0
    after: str = ""
    since: str = ""
    is_told: bool = False


class Entry(NamedTuple):
    """A paper in a list at its place, from 1 on, with the reasons for it.

    A ranking gives the day that listed the paper, its score, and the parts of this by name; a search its hit.
    """

    pk: int
    place: int
    day: date | None
    score: float | None
    reasons: Mapping[str, float]
    submitter: str
    hit: Hit | None


@dataclass(frozen=True, slots=True)
class Section:
    """An edition that a list is made of, or a part of: how many papers it has, and how many were listed."""

    period: Period
    curated: int
    total: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A part of a list: its papers in the order of its page, of `total` in all (or UNCOUNTED).

    `name` is what the list is called today, and `subject` what it is about, in words: an author, an
    organization, a category, a paper, a query. The cursor `first` is that of the first paper, empty where
    there is none, and kept until later it is the `since` of what came in meanwhile. `next` is the cursor of
    the part that follows, None at the end. `as_of` is the day that a ranking goes by, `earlier` that of the
    edition before the front page. Similar papers are like those `liked`, after the first of which the list is
    called, and unlike those `disliked`. `said` is the search with all that is to be said of these papers.
    `hidden` says how many papers of the part the viewer leaves out: they are not among these.
    """

    name: ListName
    subject: str
    title: str
    description: str
    entries: tuple[Entry, ...]
    total: int
    first: str
    next: str | None
    as_of: date
    sections: tuple[Section, ...] = ()
    earlier: date | None = None
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    said: SearchResult | None = None
    hidden: int = 0

    @property
    def pks(self) -> list[int]:
        """The keys of the papers."""
        return [entry.pk for entry in self.entries]


class Row(NamedTuple):
    """An entry before it has its place: the reader of a kind gives these."""

    key: Key
    pk: int
    day: date | None = None
    score: float | None = None
    reasons: Mapping[str, float] = {}
    submitter: str = ""
    hit: Hit | None = None

    def after(self, *numbers: float) -> Row:
        """The row with numbers before its key."""
        return Row((*numbers, *self.key), *self[1:])


@dataclass(frozen=True, slots=True)
class Span:
    """A `Part` with its cursors read: `limit` rows after the first `offset` of those whose keys are above
    `after` and below `until`, for `viewer` where the list is not the same for everybody.
    """

    limit: int
    offset: int = 0
    after: Key | None = None
    until: Key | None = None
    is_told: bool = False
    viewer: Viewer = NOBODY


# Some rows of a list or of a part of it, and how many rows that has below `until`.
Run: TypeAlias = Callable[[Span], tuple[list[Row], int]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the reader of a kind gives: the rows of a span, and what is to be said of the list."""

    name: ListName
    subject: str
    title: str
    description: str
    rows: Sequence[Row]
    total: int
    sections: tuple[Section, ...] = ()
    earlier: date | None = None
    as_of: date | None = None
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    said: SearchResult | None = None


def in_memory(
    ordered: Sequence[Ordered], key: Callable[[Ordered], Key], row: Callable[[Ordered], Row]
) -> Run:
    """A run of what is in memory, in the order of its keys."""

    def read(span: Span) -> tuple[list[Row], int]:
        total = len(ordered) if span.until is None else bisect_left(ordered, span.until, key=key)
        start = span.offset if span.after is None else bisect_right(ordered, span.after, key=key)
        return [row(one) for one in ordered[start : min(start + span.limit, total)]], total

    return read


def of_rows(rows: Sequence[Row]) -> Run:
    """A run of rows that are in the order of their keys."""
    return in_memory(rows, lambda row: row.key, lambda row: row)


def among(run: Run, papers: Collection[int]) -> Run:
    """The rows of a run that are of these papers. All of it is read."""

    def read(span: Span) -> tuple[list[Row], int]:
        rows, _ = run(Span(EVERYTHING))
        return of_rows([row for row in rows if row.pk in papers])(span)

    return read


def joined(runs: Iterable[tuple[float, Run]], *, is_counted: bool = True) -> Run:
    """The runs one after the other; the number of each, which rises, stands before the keys of its rows.

    Those after the last that is needed are read, too, for the total, unless nobody counts it.
    """

    def read(span: Span) -> tuple[list[Row], int]:
        rows: list[Row] = []
        total = 0
        for number, run in runs:
            is_full = not is_counted and len(rows) == span.limit
            if is_full or (span.until and number > span.until[0]):
                break
            is_behind = span.after is not None and number < span.after[0]
            found, count = run(
                Span(
                    limit=0 if is_behind else span.limit - len(rows),
                    offset=max(span.offset - total, 0),
                    after=_within(number, span.after),
                    until=_within(number, span.until),
                )
            )
            rows += [row.after(number) for row in found]
            total += count
        return rows, total

    return read


def _within(number: float, key: Key | None) -> Key | None:
    return key[1:] if key and key[0] == number else None
