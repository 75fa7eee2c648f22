"""Editions as pages: the front page, a day, a week, a month, and what trends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.accounts.mail import why_no_mail
from broadsheet.daily import contents, editions, periods, picks
from broadsheet.daily.entries import Entries, Entry, ListName, Part
from broadsheet.daily.entries import Section as Edition
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import WEEK
from broadsheet.http.keeping import UNCHANGED
from broadsheet.papers import marks, reading
from broadsheet.papers.heat import HOURS, window
from broadsheet.papers.reading import Name, PaperRow
from broadsheet.sources.completeness import freshness
from broadsheet.sources.completeness import status as source_status
from broadsheet.sources.completeness.status import FamilyStatus
from broadsheet.sources.settings import source_settings
from broadsheet.web import calendars, choosing, counts, progress
from broadsheet.web.choosing import Asked
from broadsheet.web.listing import read_for, read_page, trend_query
from broadsheet.web.naming import trend
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page
from broadsheet.web.viewing import SHORT, in_view, kept_list

KEPT_FOR = 60
READS = ("page", "sort", "only")
# What says that anybody cared for a paper, of the reasons for its place in an edition.
SIGNALS = ("votes", "elsewhere", "people")
# The front page is a newspaper for whoever chose no view, whatever it has.
FRONT = 0
# A list of which nobody cared for any paper is looked through as a long one is.
LONGER = SHORT + 1
NAMED_ORGANIZATIONS = 8


@dataclass(frozen=True, slots=True)
class Section:
    """An edition with its papers as the page prints them: those of lists, then the rest."""

    edition: Edition
    listed: list[PaperRow]
    rest: list[PaperRow]
    # How many of its papers the page has, with those that its reader does not see.
    held: int
    # Who sent a paper in, by its key.
    submitters: Mapping[int, str]

    @property
    def papers(self) -> list[PaperRow]:
        """All papers on the page."""
        return self.listed + self.rest


@require_safe
@kept_list(seconds=UNCHANGED, shows=counts.lately)
def front(request: HttpRequest) -> HttpResponse:
    """The latest edition, and those before it while there are few papers."""
    now = timezone.now()
    today = now.date()
    found = read_for(request, ListName("latest"), Part(limit=page_settings().page_size))
    if not found.sections:
        return page(
            request, "empty.html", today=today, families=_fetching(now), followed=source_settings().followed
        )
    sections, shown, leads = _sections(found), found.sections[0].period, has_a_signal(found)
    earlier = [*(one.period for one in found.sections[1:]), found.earlier and periods.day(found.earlier)]
    return page(
        request,
        "front.html",
        today=today,
        sections=sections,
        before=earlier[0],
        after=None,
        onward=earlier[-1],
        sends_mail=not why_no_mail(),
        age=_age(shown.first, now),
        view=in_view(request, FRONT if leads else LONGER),
        has_signal=leads,
        offers=_offers(Asked(shown), is_open=not leads),
        **_beside(shown, sections),
    )


@require_safe
def period(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """The papers of a day, a week or a month, or why there are none."""
    return _day(request, name) if kind == "day" else _days(request, kind, name)


def _mark(name: str) -> object:
    day = periods.parse_period("day", name)
    return day and marks.of_day(day.first)


@kept_list(seconds=KEPT_FOR, reads=READS, shows=_mark)
def _day(request: HttpRequest, name: str) -> HttpResponse:
    return _period(request, "day", name)


# A month may have as many papers as there are in all: to mark them would cost more than a page.
@kept_list(seconds=UNCHANGED, reads=READS, shows=counts.lately)
def _days(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    return _period(request, kind, name)


def _period(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    today, only = timezone.now().date(), request.GET.get("only", "")
    wanted = ListName(kind, name, order=request.GET.get("sort", ""), only=only)
    found, pages = read_page(request, wanted, size=page_settings().page_size)
    of, sections = found.sections[0].period, _sections(found)
    asked, leads = Asked(of, only, wanted.order), pages.number > 1 or has_a_signal(found)
    around = editions.around(of, is_empty=not (found.total or only), today=today)
    return page(
        request,
        "period.html",
        today=today,
        section=sections[0],
        pages=pages,
        quiet=around.quiet,
        view=in_view(request, found.total if leads else LONGER),
        has_signal=leads,
        asked=asked,
        offers=_offers(asked, is_open=not (leads or only)),
        before=around.before,
        after=around.after,
        **_beside(of, sections),
    )


def _fetching(now: datetime) -> list[FamilyStatus]:
    """The families of sources that fill the catalogue by themselves."""
    return [family for family in source_status.read(now=now) if family.is_on]


def _age(newest: date, now: datetime) -> dict[str, object] | None:
    """How old the newest papers are and why, where a reader would wonder."""
    if not freshness.is_old(newest, today=now.date()):
        return None
    return {"days": (now.date() - newest).days, "why": freshness.why_nothing_new(now=now)}


def has_a_signal(found: Entries) -> bool:
    """Whether anybody cared for the first paper of an edition, here or elsewhere: else nothing leads it."""
    return any(found.entries[0].reasons.get(name) for name in SIGNALS) if found.entries else False


def _offers(asked: Asked, *, is_open: bool) -> dict[str, Any]:
    """The parts and orders of an edition, and the holes for what its reader alone is told of it."""
    found = contents.of_period(asked.period)
    return {
        "whole": choosing.whole(asked, found),
        "code": choosing.with_code(asked, found),
        "fields": choosing.fields(asked, found),
        "again": choosing.again(asked, found),
        "orders": list(choosing.orders(asked)),
        "groups": choosing.by_group(asked, found) if len(found.fields) > choosing.FIELDS_OFFERED else {},
        "is_open": is_open,
        "mine": progress.key(progress.PARTS, asked),
        "progress": progress.key(progress.PROGRESS, asked),
        "kept": progress.key(progress.KEPT, asked),
    }


@require_safe
@kept_list(seconds=KEPT_FOR, reads=("page", "over", "as_of"), shows=counts.lately)
def trending(request: HttpRequest) -> HttpResponse:
    """The papers people talk about now, each with the reasons for its place."""
    now = timezone.now()
    wanted = trend(request.GET)
    found, pages = read_page(request, wanted, size=page_settings().page_size)
    return page(
        request,
        "trending.html",
        today=now.date(),
        as_of=found.as_of,
        over=wanted.name or WEEK,
        overs=HOURS,
        papers=reading.rows(found.pks, counted=False),
        reasons={one.pk: _why(one, found.total, found.as_of, now) for one in found.entries},
        places=_places(found),
        age=None if wanted.as_of else _age(found.as_of, now),
        pages=pages,
        window=window(wanted.name or WEEK),
        view=in_view(request, found.total),
        query=trend_query(wanted),
    )


@require_safe
@kept_list(seconds=KEPT_FOR, reads=("page",), shows=counts.lately)
def discussed(request: HttpRequest) -> HttpResponse:
    """The papers that people here wrote most about lately."""
    return _reasoned(request, "discussed")


@require_safe
@kept_list(seconds=KEPT_FOR, reads=("page",), shows=counts.lately)
def undiscovered(request: HttpRequest) -> HttpResponse:
    """The papers that few voted for and more may like."""
    return _reasoned(request, "undiscovered", fared=picks.fared())


def _reasoned(request: HttpRequest, kind: str, **more: Any) -> HttpResponse:
    found, pages = read_page(request, ListName(kind), size=page_settings().page_size)
    reasons = {one.pk: {"day": one.day, **one.reasons} for one in found.entries}
    papers = reading.rows(found.pks, counted=False)
    return page(
        request,
        f"{kind}.html",
        found=found,
        papers=papers,
        reasons=reasons,
        places=_places(found),
        pages=pages,
        view=in_view(request, found.total),
        **more,
    )


def _places(found: Entries) -> dict[int, int]:
    return {one.pk: one.place for one in found.entries}


def _why(one: Entry, total: int, as_of: date, now: datetime) -> dict[str, Any]:
    """The numbers that a paper trends by, its place and its age."""
    hours = int(one.reasons["hours"])
    if as_of == now.date():
        hours += now.hour
    return {
        "day": one.day,
        "score": one.score,
        "place": one.place,
        "of": total,
        **one.reasons,
        "hours": hours,
    }


def _sections(found: Entries) -> list[Section]:
    """The editions that the list is made of with their papers, all read at once."""
    papers = {paper.pk: paper for paper in reading.rows(found.pks, counted=False)}
    sections, behind = [], 0
    # A page within an edition has what it has of that alone.
    for edition in found.sections:
        shown = [one for one in found.entries if behind < one.place <= behind + edition.total]
        held = min(edition.total, len(found.entries) + found.hidden - behind)
        behind += edition.total
        listed = [papers[one.pk] for one in shown if one.day and one.pk in papers]
        rest = [papers[one.pk] for one in shown if not one.day and one.pk in papers]
        submitters = {one.pk: one.submitter for one in shown if one.submitter}
        sections.append(Section(edition, listed, rest, held, submitters))
    return sections


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
