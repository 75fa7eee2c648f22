"""The daily lists one after the other, the newest day first: what was on them, or what somebody sent in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from broadsheet.daily import editions, months, periods
from broadsheet.daily.entries import UNCOUNTED, Found, Key, ListName, Row, Run, Span, joined
from broadsheet.daily.kinds.by_date import by_date
from broadsheet.daily.kinds.edition import edition
from broadsheet.daily.kinds.senders import listings_by
from broadsheet.daily.periods import Period
from broadsheet.papers.models import PaperListing

# How many days are looked at first for the newest papers; then twice as many, and so on.
DAYS_AT_ONCE = 14
# The number of the papers of a month of which no day is known, after all days.
_UNDATED = 1


def days(wanted: ListName, span: Span, today: date) -> Found:
    """The editions of all days up to today, or what `submitter` sent in for them."""
    run = sent_in(wanted.submitter, None, today) if wanted.submitter else _all_days(today)
    rows, total = run(span)
    title = "The papers of all days"
    return Found(wanted, "", title, f"{title}, the newest day first.", rows, total)


def of_period(period: Period) -> Run:
    """The editions of the days of a period.

    A paper that several days listed comes once, on the last of them. Of a month, the papers without a known
    day come last.
    """
    counted = _counted(period.first, period.last, until=period.last)
    runs = [(-day.toordinal(), _of_day(day, papers, later)) for day, papers, later in counted]
    return joined([*runs, (_UNDATED, by_date(months.papers_of(period)))])


def sent_in(sender: str, period: Period | None, today: date) -> Run:
    """The papers that somebody sent in, each for the last day that it was sent in for."""
    listings = listings_by(sender, period, today)
    is_later = Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk"))
    last = listings.exclude(Exists(listings.filter(is_later, paper=OuterRef("paper"))))

    def read(span: Span) -> tuple[list[Row], int]:
        wanted = last.exclude(_from(span.until)) if span.until else last
        wanted = wanted.filter(_from(span.after, is_after=True)) if span.after else wanted
        newest = wanted.order_by("-day", "position", "paper").values_list("day", "position", "paper")
        part = newest[span.offset : span.offset + span.limit]
        rows = [Row((-day.toordinal(), position, pk), pk, day) for day, position, pk in part]
        return rows, UNCOUNTED

    return read


def _from(key: Key, *, is_after: bool = False) -> Q:
    """That a listing stands at the key or after it; or only after it."""
    day, position, pk = date.fromordinal(-int(key[0])), int(key[1]), int(key[2])
    behind = Q(paper__gt=pk) if is_after else Q(paper__gte=pk)
    return Q(day__lt=day) | Q(day=day, position__gt=position) | Q(behind, day=day, position=position)


def _all_days(today: date) -> Run:

    def read(span: Span) -> tuple[list[Row], int]:
        last = date.fromordinal(-int(span.after[0])) if span.after else editions.latest_day(today)
        counted = _backwards(last, today)
        runs = ((-day.toordinal(), _of_day(day, papers, later)) for day, papers, later in counted)
        rows, _ = joined(runs, is_counted=False)(span)
        return rows, UNCOUNTED

    return read


def _of_day(day: date, papers: int, listed_later: set[int]) -> Run:
    """The edition of a day, which has so many papers, without those that a later day has again."""
    size = papers - len(listed_later)

    def read(span: Span) -> tuple[list[Row], int]:
        if not span.until and (not span.limit or span.offset >= size):
            return [], size
        everything = Span(papers, after=span.after, until=span.until)
        some = Span(span.offset + span.limit + len(listed_later), after=span.after)
        rows, _ = edition(periods.day(day))[0](everything if span.until else some)
        once = [row for row in rows if row.pk not in listed_later]
        return once[span.offset : span.offset + span.limit], len(once) if span.until else size

    return read


def _backwards(last: date | None, today: date) -> Iterator[tuple[date, int, set[int]]]:
    """The days that have an edition, the newest first, with how many papers each has, and which of them a
    later one has again.
    """
    span = timedelta(days=DAYS_AT_ONCE)
    while last:
        first = max(last, date.min + span) - span
        yield from _counted(first, last, until=today)
        last, span = editions.nearest_days(periods.day(first))[0], 2 * span


def _counted(first: date, last: date, *, until: date) -> Iterator[tuple[date, int, set[int]]]:
    # That a later day lies after the first one, too, spares PostgreSQL a look at all of them.
    then = PaperListing.objects.filter(day__gt=first, day__lte=until)
    later = then.filter(paper=OuterRef("paper"), day__gt=OuterRef("day"))
    again = editions.listings().filter(Exists(later), day__range=(first, last))
    listed_later: dict[date, set[int]] = defaultdict(set)
    for day, pk in again.values_list("day", "paper"):
        listed_later[day].add(pk)
    for day, papers in sorted(editions.papers_per_day(first, last).items(), reverse=True):
        yield day, papers, listed_later[day]
