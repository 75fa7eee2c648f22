"""Every list of papers by one name, and its only reader: pages, feeds, files, programs have its entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.daily import cursors, excluding
from broadsheet.daily.entries import Entries, Entry, Found, ListName, Part, Row, Span, UnknownListError
from broadsheet.daily.kinds import (
    by_date,
    conditions,
    days,
    editions,
    library,
    reordered,
    search,
    similar,
    talked,
    topic,
    trending,
)
from broadsheet.papers.reading import PaperDetail
from broadsheet.search.finding import SearchResult
from broadsheet.search.fusion import Hit


@dataclass(frozen=True, slots=True)
class Kind:
    """What reads the lists of a kind, and the orders that these may have beside their own.

    A list that `is_asked` for has what its reader has seen, though they leave that out, and one that `is_own`
    has all that is theirs.
    """

    read: Callable[[ListName, Span, date], Found]
    orders: tuple[str, ...] = ()
    is_asked: bool = False
    is_own: bool = False


PERIOD_ORDERS = (editions.NEWEST, editions.TRENDING, reordered.DISCUSSED, reordered.UNDISCOVERED)
KINDS: Mapping[str, Kind] = {
    "latest": Kind(editions.latest),
    "day": Kind(editions.period, PERIOD_ORDERS),
    "week": Kind(editions.period, PERIOD_ORDERS),
    "month": Kind(editions.period, PERIOD_ORDERS),
    "days": Kind(days.days),
    "trending": Kind(trending.trending),
    "discussed": Kind(talked.discussed),
    "undiscovered": Kind(talked.undiscovered),
    "search": Kind(search.search, search.ORDERS, is_asked=True),
    "author": Kind(by_date.named, (by_date.ADDED,)),
    "organization": Kind(by_date.named, (by_date.ADDED,)),
    "category": Kind(by_date.category, (by_date.ADDED,)),
    "similar": Kind(similar.similar, is_asked=True),
    topic.TOPIC: Kind(topic.topic),
    "papers": Kind(by_date.papers, is_asked=True),
    library.LIBRARY: Kind(library.library, library.ORDERS, is_own=True),
    "conditions": Kind(conditions.conditions, conditions.ORDERS, is_asked=True),
}


def read(wanted: ListName, viewer: Viewer | None, part: Part, *, today: date) -> Entries:
    """The part of a list that is wanted, as `viewer` sees it, or nobody in particular.

    Raises UnknownListError, CursorError for a cursor that this list did not give, and WordIndexError where
    words cannot be searched.

    What the viewer leaves out is dropped from the part, and is not replaced: places, cursors and totals are
    those of everybody.

    The kinds and their names: `day`, `week` and `month` as addresses write them, `latest` (the front page),
    `trending` over a `day`, a `week` or a `month`, `discussed`, `undiscovered`, `days` (all daily lists),
    `papers` (all there are) and `conditions` without a name, `search` the query, `author`, `organization` and
    `topic` the slug, `category` the code, `similar` any name of a paper; `library` a query in what is the
    viewer's own.
    """
    # A database may refuse to look for what no text of its own can hold.
    wanted = replace(wanted, name=wanted.name.replace("\0", " "))
    kind = _kind(wanted)
    span, behind = _span(wanted, part, viewer or NOBODY)
    found = kind.read(wanted, span, today)
    rows = found.rows[: part.limit]
    papers = () if kind.is_own else _all_of(rows, found.said)
    hidden = excluding.left_out(viewer, papers, with_seen=not kind.is_asked)
    entries = tuple(
        Entry(row.pk, place, *row[2:-1], row.hit and _without(hidden, row.hit))
        for place, row in enumerate(rows, behind + 1)
        if row.pk not in hidden
    )
    is_last = len(found.rows) <= part.limit or not rows
    return Entries(
        name=found.name,
        subject=found.subject,
        title=found.title,
        description=found.description,
        entries=entries,
        total=found.total,
        first=cursors.sealed(wanted, rows[0].key, behind + 1) if rows else "",
        next=None if is_last else cursors.sealed(wanted, rows[-1].key, behind + len(rows)),
        sections=found.sections,
        earlier=found.earlier,
        as_of=found.as_of or today,
        liked=found.liked,
        disliked=found.disliked,
        said=found.said and _said_without(hidden, found.said),
        hidden=len(rows) - len(entries),
    )


def _all_of(rows: Sequence[Row], said: SearchResult | None) -> set[int]:
    """All papers of a part, with their near-duplicates and those that are said of a search besides."""
    hits = [row.hit for row in rows if row.hit] + [*(said.help.closest if said else ())]
    return {row.pk for row in rows} | {pk for hit in hits for pk in (hit.paper_pk, *hit.folded)}


def _without(hidden: set[int], hit: Hit) -> Hit:
    """The hit without those of its near-duplicates that are hidden."""
    if hidden.isdisjoint(hit.folded):
        return hit
    return Hit(*hit[:5], tuple(pk for pk in hit.folded if pk not in hidden), hit.is_match)


def _said_without(hidden: set[int], said: SearchResult) -> SearchResult:
    if not hidden:
        return said

    def left(hits: Sequence[Hit]) -> tuple[Hit, ...]:
        return tuple(_without(hidden, hit) for hit in hits if hit.paper_pk not in hidden)

    return replace(said, hits=left(said.hits), help=replace(said.help, closest=left(said.help.closest)))


def _span(wanted: ListName, part: Part, viewer: Viewer) -> tuple[Span, int]:
    """The part with its cursors read, and how many papers stand before it."""
    after, behind = cursors.opened(wanted, part.after) if part.after else (None, part.offset)
    until = cursors.opened(wanted, part.since)[0] if part.since else None
    # One more than is wanted tells whether there is another part.
    return Span(part.limit + 1, 0 if after else behind, after, until, part.is_told, viewer), behind


def answers(wanted: ListName, viewer: Viewer | None, part: Part, *, today: date) -> tuple[SearchResult, int]:
    """A part of a search as `read` gives it, with all that is to be said of its papers; and how many of it
    are hidden.
    """
    found = read(wanted, viewer, replace(part, is_told=True), today=today)
    if found.said is None:
        raise UnknownListError("This list is no search.")
    return found.said, found.hidden


def _kind(wanted: ListName) -> Kind:
    kind = KINDS.get(wanted.kind)
    if kind is None:
        raise UnknownListError(f"There is no such kind of list; there are {', '.join(KINDS)}.")
    if wanted.order and wanted.order not in kind.orders:
        known = f"; there are {', '.join(kind.orders)}" if kind.orders else ""
        raise UnknownListError(f"There is no such order of this list{known}.")
    return kind


def entry_updated(detail: PaperDetail) -> datetime:
    """When what a paper says was said last: its newest version or correction, never a vote. Pure."""
    said = [
        detail.row.published_at,
        detail.updated_at,
        *(version.created_at for version in detail.versions),
        *(text.replaced_at for text in detail.old_texts),
    ]
    known = max((moment for moment in (*said, detail.first_dated_at) if moment), default=None)
    # Of a paper with a year alone, nobody said anything on its first of January.
    return known or (detail.added_at if detail.row.published else entry_published(detail))


def entry_published(detail: PaperDetail) -> datetime:
    """When a paper came out, or was news, or came to us: what of these was known first stays as it is. Pure.

    A year or a month is the beginning of it here.
    """
    if detail.first_dated_at:
        return detail.first_dated_at
    # To be listed again is not to come out again, so the first day counts.
    days = [day for day in (detail.announced_on, *(one.day for one in detail.listings)) if day]
    known = detail.dated_at if detail.row.published else None
    return known or (_midnight(min(days)) if days else detail.added_at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
