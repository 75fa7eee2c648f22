"""Editions as pages: the front page, a day, a week, a month, and what trends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.daily import editions, periods
from broadsheet.daily.editions import Edition
from broadsheet.daily.periods import Period
from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.papers import marks, reading
from broadsheet.papers.reading import Name, PaperRow
from broadsheet.sources.live.registry import scheduled
from broadsheet.sources.settings import source_settings
from broadsheet.web import calendars, counts
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page

KEPT_FOR = 60
NAMED_ORGANIZATIONS = 8


@dataclass(frozen=True, slots=True)
class Section:
    """An edition with its papers as the page prints them: those of lists, then the rest."""

    edition: Edition
    listed: list[PaperRow]
    rest: list[PaperRow]

    @property
    def papers(self) -> list[PaperRow]:
        """All papers on the page."""
        return self.listed + self.rest


@require_safe
@kept(seconds=LISTS, fill=counts.of_papers)
def front(request: HttpRequest) -> HttpResponse:
    """The latest edition, and those before it while there are few papers."""
    today = timezone.now().date()
    latest, before = editions.front_page(today, limit=page_settings().page_size)
    if not latest:
        return page(request, "empty.html", today=today, is_fetching=_is_fetching())
    sections = _sections(latest)
    earlier = [*(section.edition.period for section in sections[1:]), before and periods.day(before)]
    return page(
        request,
        "front.html",
        today=today,
        sections=sections,
        before=earlier[0],
        after=None,
        onward=earlier[-1],
        **_beside(latest[0].period, sections),
    )


@require_safe
def period(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """The papers of a day, a week or a month, or why there are none."""
    return _day(request, name) if kind == "day" else _days(request, kind, name)


def _mark(name: str) -> object:
    day = periods.parse_period("day", name)
    return day and marks.of_day(day.first)


@kept(seconds=KEPT_FOR, reads=("page",), shows=_mark, fill=counts.of_papers)
def _day(request: HttpRequest, name: str) -> HttpResponse:
    return _period(request, "day", name)


# A month may have as many papers as there are in all: to mark them would cost more than a page.
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def _days(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    return _period(request, kind, name)


def _period(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    of = periods.parse_period(kind, name)
    if of is None:
        raise Http404(f"There is no such {kind}.")
    today = timezone.now().date()
    number, size = requested_page(request), page_settings().page_size
    edition = editions.edition(of, offset=(number - 1) * size, limit=size)
    pages = pages_or_404(number, size=size, total=edition.total)
    sections, around = _sections([edition]), editions.around(edition, today=today)
    return page(
        request,
        "period.html",
        today=today,
        section=sections[0],
        pages=pages,
        quiet=around.quiet,
        before=around.before,
        after=around.after,
        **_beside(of, sections),
    )


def _is_fetching() -> bool:
    config = source_settings()
    return bool(scheduled(config.families, categories=config.followed))


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def trending(request: HttpRequest) -> HttpResponse:
    """The papers people talk about now, each with the reasons for its place."""
    today = timezone.now().date()
    number, size = requested_page(request), page_settings().page_size
    as_of, ranked, total = editions.trending(today, offset=(number - 1) * size, limit=size)
    pages = pages_or_404(number, size=size, total=total)
    papers = reading.rows([one.pk for one in ranked])
    reasons = {one.pk: {"day": one.day, "score": one.score, **dict(one.parts)} for one in ranked}
    return page(
        request,
        "trending.html",
        today=today,
        as_of=as_of,
        papers=papers,
        reasons=reasons,
        pages=pages,
        window=editions.TRENDING_WINDOW.days,
    )


def _sections(shown: Sequence[Edition]) -> list[Section]:
    """The editions with their papers, all read at once."""
    listed = [[one.pk for one in each.ranked] for each in shown]
    keys = [pk for ranked, each in zip(listed, shown, strict=True) for pk in (*ranked, *each.rest)]
    papers = {paper.pk: paper for paper in reading.rows(keys)}

    def rows(keys: Sequence[int]) -> list[PaperRow]:
        return [papers[pk] for pk in keys if pk in papers]

    return [Section(each, rows(ranked), rows(each.rest)) for ranked, each in zip(listed, shown, strict=True)]


def _beside(shown: Period, sections: list[Section]) -> dict[str, Any]:
    """What stands beside an edition: the month, the spans of time around it, who is in it."""
    month = periods.month(shown.last if shown.kind == "week" else shown.first)
    papers = editions.papers_per_day(month.first, month.last)
    return {
        "shown": shown,
        "tabs": [span(shown.first) for span in periods.SPANS.values()],
        "month": month,
        "weeks": calendars.weeks(month, papers, shown=shown),
        "most_papers_from": _most_papers_from([paper for section in sections for paper in section.papers]),
    }


def _most_papers_from(papers: list[PaperRow]) -> list[tuple[Name, int]]:
    counts = Counter(name for paper in papers for name in paper.organizations)
    return counts.most_common(NAMED_ORGANIZATIONS)
