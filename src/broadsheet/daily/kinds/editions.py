"""The papers of a day, a week or a month, and those of the front page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from broadsheet.accounts.access import Viewer
from broadsheet.daily import contents, editions, past, periods
from broadsheet.daily.entries import (
    Found,
    ListName,
    Row,
    Run,
    Section,
    Span,
    UnknownListError,
    among,
    in_memory,
    joined,
)
from broadsheet.daily.kinds import days
from broadsheet.daily.kinds.edition import edition, ranked_row
from broadsheet.daily.kinds.reordered import DISCUSSED, UNDISCOVERED, reordered
from broadsheet.daily.kinds.senders import sent_in_by
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import edition_key, rank_edition, rank_trending, trend_key

# Beside the order of the edition: the newest day first, and what trended on the last day.
NEWEST, TRENDING = "newest", "trending"


def period(wanted: ListName, span: Span, today: date) -> Found:
    """The papers of the period that is named as in addresses; in as many queries however many there are."""
    of = periods.parse_period(wanted.kind, wanted.name)
    if of is None:
        raise UnknownListError(f"There is no such {wanted.kind}.")
    is_edition = not (wanted.order or wanted.submitter or wanted.only or _is_past(wanted, today))
    run, curated = edition(of) if is_edition else (_part(wanted, of, span.viewer, today), 0)
    rows, total = run(span)
    when = periods.period_name(of)
    return Found(
        wanted,
        when,
        f"Papers of {when}",
        f"The research papers of {when}.",
        rows,
        total,
        sections=(Section(of, curated, total),),
    )


def latest(wanted: ListName, span: Span, today: date) -> Found:
    """The latest edition up to today, and those before it while there are few papers.

    Who goes on reading stays with the editions that were on it then: their first and last day begin each key.
    """
    if span.after:
        first, last = (date.fromordinal(int(day)) for day in span.after[:2])
        front = _FrontPage(first, last)
    else:
        front = _FrontPage(editions.latest_day(today))
    inner = replace(span, after=span.after and span.after[2:], until=span.until and span.until[2:])
    rows, total = joined(front.editions())(inner)
    shown = [section.period.first.toordinal() for section in front.sections]
    return Found(
        wanted,
        "",
        "The latest papers",
        "The papers of the latest edition, and of those before it while there are few.",
        [row.after(shown[0], shown[-1]) for row in rows],
        total,
        sections=tuple(front.sections),
        earlier=front.day,
    )


def _part(wanted: ListName, of: Period, viewer: Viewer, today: date) -> Run:
    """What is wanted of a period, in the order that is wanted."""
    if wanted.only in contents.AGAIN:
        found = sorted(contents.part(of, wanted.only, viewer), reverse=True)
        return in_memory(found, lambda pk: (-pk,), lambda pk: Row((-pk,), pk))
    run = _in_order(wanted, of, today)
    return among(run, contents.part(of, wanted.only, viewer)) if wanted.only else run


def _in_order(wanted: ListName, of: Period, today: date) -> Run:
    """The papers of a period in another order than that of its edition, or those that somebody sent in."""
    if not (wanted.order or wanted.submitter or _is_past(wanted, today)):
        return edition(of)[0]
    if wanted.order in {DISCUSSED, UNDISCOVERED}:
        return reordered(edition(of)[0], wanted.order)
    if wanted.order == NEWEST:
        return days.sent_in(wanted.submitter, of, today) if wanted.submitter else days.of_period(of)
    listed, submitters = editions.all_listed(of.first, of.last)
    if wanted.as_of and _is_past(wanted, today):
        row = partial(ranked_row, key=edition_key, submitters=submitters)
        return in_memory(past.edition(of.first, of.last, wanted.as_of), edition_key, row)
    is_trend = wanted.order == TRENDING
    ranked = rank_trending(listed, as_of=of.last) if is_trend else rank_edition(listed)
    key = trend_key if is_trend else edition_key
    row = partial(ranked_row, key=key, submitters=submitters)
    return in_memory(sent_in_by(wanted.submitter, ranked, of, today), key, row)


def _is_past(wanted: ListName, today: date) -> bool:
    return wanted.as_of is not None and wanted.as_of < today


@dataclass(slots=True)
class _FrontPage:
    """The editions of the front page, from `day` on as long as those that were read are not enough; or up to
    its `last` day, where this is known.
    """

    day: date | None
    last: date | None = None
    sections: list[Section] = field(default_factory=list)

    def editions(self) -> Iterator[tuple[float, Run]]:
        """Each of them as a run; `day` is then that of the edition before them all."""
        while self.day and not self._has_enough:
            period = periods.day(self.day)
            yield -self.day.toordinal(), partial(self._read, period)
            self.day = editions.nearest_days(period)[0]

    @property
    def _has_enough(self) -> bool:
        if self.last and self.day:
            return self.day < self.last
        papers = sum(one.total for one in self.sections)
        return len(self.sections) >= editions.FRONT_PAGE_DAYS or papers >= editions.FRONT_PAGE_ENOUGH

    def _read(self, period: Period, span: Span) -> tuple[list[Row], int]:
        run, curated = edition(period)
        rows, total = run(span)
        self.sections.append(Section(period, curated, total))
        return rows, total
