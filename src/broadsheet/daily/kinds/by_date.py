"""Lists by date: the papers of an author, of an organization, in a category; and all there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from broadsheet.daily.entries import UNCOUNTED, Found, Key, ListName, Row, Run, Span, UnknownListError
from broadsheet.papers import authors, batches, categories, reading
from broadsheet.papers.batches import Place
from broadsheet.papers.models import Paper
from broadsheet.papers.reading import newest_first
from broadsheet.papers.taxonomy import category_name

# That of the last paper that came in stands above all others, whatever its date: what alerts go by.
ADDED = "added"
# Who has papers: how a name is looked up, and the papers of the slug.
_NAMED = {
    "author": (authors.author, reading.papers_of_author),
    "organization": (authors.organization, reading.papers_of_organization),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def named(wanted: ListName, span: Span, today: date) -> Found:
    """The papers of everybody who has this name, or of an organization; the name is the slug."""
    del today
    look_up, papers_of = _NAMED[wanted.kind]
    name = look_up(wanted.name)
    if name is None:
        raise UnknownListError(f"There is no {wanted.kind} at this address.")
    rows, total = _run(wanted, papers_of(name.slug))(span)
    return Found(
        ListName(wanted.kind, name.slug, wanted.order),
        name.name,
        f"Papers of {name.name}",
        f"The research papers of {name.name}, newest first.",
        rows,
        total,
    )


def category(wanted: ListName, span: Span, today: date) -> Found:
    """The papers of a category, be it their first or not, named by the code."""
    del today
    code = categories.canonical(wanted.name)
    if not categories.is_known(code):
        raise UnknownListError("There is no category at this address.")
    papers, total = categories.papers_of_category(code)
    rows, total = _run(wanted, papers, total)(span)
    name = category_name(code)
    return Found(
        ListName("category", code, wanted.order),
        name,
        f"Papers in {name}",
        f"The research papers in {name}, newest first.",
        rows,
        total,
    )


def papers(wanted: ListName, span: Span, today: date) -> Found:
    """All papers there are, which nobody counts."""
    del today
    title = "All papers"
    rows, total = by_date(Paper.objects.all(), total=UNCOUNTED)(span)
    return Found(wanted, "", title, f"{title}, newest first.", rows, total)


def by_date(papers: QuerySet[Paper], *, total: int | None = None) -> Run:
    """The papers as a run, the newest first and those without a date last; they are counted unless their
    `total` is known.
    """

    def read(span: Span) -> tuple[list[Row], int]:
        among = batches.above(papers, _place(span.until)) if span.until else papers
        known, part = None if span.until else total, slice(span.offset, span.offset + span.limit)
        if span.after is None and known is None:
            columns, count = batches.counted(newest_first(among), "published_at", "pk", part=part)
            return [_row(Place(*row)) for row in columns], count
        after = _place(span.after) if span.after else None
        rows = [_row(place) for place in batches.newest(among, part, after=after)] if span.limit else []
        return rows, among.count() if known is None else known

    return read


def _run(wanted: ListName, papers: QuerySet[Paper], total: int | None = None) -> Run:
    return _by_arrival(papers) if wanted.order == ADDED else by_date(papers, total=total)


def _by_arrival(papers: QuerySet[Paper]) -> Run:
    """The papers as a run, that which came in last first."""

    def read(span: Span) -> tuple[list[Row], int]:
        among = papers.filter(pk__gt=-int(span.until[0])) if span.until else papers
        wanted = among.filter(pk__lt=-int(span.after[0])) if span.after else among
        part = slice(span.offset, span.offset + span.limit)
        rows, total = batches.counted(wanted.order_by("-pk"), "pk", part=part, among=among)
        return [Row((-pk,), pk) for (pk,) in rows], total

    return read


def _row(place: Place) -> Row:
    return Row(_key(place), place.pk)


def _key(place: Place) -> Key:
    if place.published_at is None:
        return 1, 0, -place.pk
    return 0, time_key(place.published_at), -place.pk


def _place(key: Key) -> Place:
    is_undated, time, pk = map(int, key)
    return Place(None if is_undated else moment(time), -pk)


def time_key(at: datetime) -> float:
    """The part of a key for a moment, of which the last stands first."""
    return -((at - _EPOCH) // _MICROSECOND)


def moment(key: float) -> datetime:
    """The moment of that part of a key."""
    return _EPOCH - int(key) * _MICROSECOND
