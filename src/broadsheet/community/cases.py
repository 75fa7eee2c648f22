"""What moderators decide on, and the log of what was done as everybody may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from django.db.models import Model, QuerySet

from broadsheet.accounts.models import GONE, Person
from broadsheet.community import above, deeds, rendering
from broadsheet.community.models import Comment, Deed, Report, Submission
from broadsheet.community.moderating import FAMILIES
from broadsheet.community.reporting import COMMENT, PERSON, REASONS, SUBMISSION
from broadsheet.papers.models import Paper

# So many reports are looked at; when some of them are decided, the next come up.
REPORTS_AT_ONCE = 500
# Whether two people vote together is nobody's business but moderators': the log says only that one looked.
LOOK = "look"
# What no rule does: without an actor it was whoever runs the site, by a command.
BY_COMMAND = ("suspend", "lift", "promote")
Thing: TypeAlias = Comment | Submission | Person | Model
TABLES: dict[str, type[Model]] = {COMMENT: Comment, SUBMISSION: Submission, PERSON: Person}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What one report says."""

    who: str
    reason: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A thing that was reported: what it is, whose, about which paper, and what was said of it."""

    kind: str
    target: int
    person: Person | None
    paper: tuple[str, str] | None
    html: str
    text: str
    is_root: bool
    is_by_agent: bool
    said: tuple[Complaint, ...]
    # Where it is, if its text is its name.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A deed in the log: without a name, and without what was removed."""

    key: int
    day: date
    verb: str
    kind: str
    paper: str | None
    reason: str
    is_redacted: bool
    is_undone: bool
    can_be_undone: bool
    by_rule: bool


def waiting() -> list[Case]:
    """The things with reports that nobody decided on, those that were reported first first."""
    reports: dict[tuple[str, int], list[Report]] = defaultdict(list)
    rows = Report.objects.filter(decided_at=None).order_by("at", "pk").select_related("reporter")
    for report in rows[:REPORTS_AT_ONCE]:
        reports[report.kind, report.target].append(report)
    found = {kind: {target for said, target in reports if said == kind} for kind in (*TABLES, *above.kinds)}
    things = {(kind, pk): one for kind, keys in found.items() for pk, one in _things(kind, keys).items()}
    of_papers = [thing for thing in things.values() if isinstance(thing, (Comment, Submission))]
    papers = _papers(thing.paper_id for thing in of_papers)
    owners = Person.objects.in_bulk({thing.person_id for thing in of_papers if thing.person_id})
    return [_case(things[key], key, owners, papers, those) for key, those in reports.items() if key in things]


def log() -> QuerySet[Deed]:
    """All deeds; what may be shown of them `shown` says."""
    return Deed.objects.all()


def lines(start: int, size: int) -> list[Line]:
    """Deeds of the log, the last first."""
    return shown(log().order_by("-pk")[start : start + size])


def shown(rows: Iterable[Deed]) -> list[Line]:
    """These deeds as everybody may read them."""
    found = list(rows)
    hidden = deeds.redacted(found)
    undone = set(Deed.objects.filter(undoes__in=found).values_list("undoes", flat=True))
    comments = {deed.target for deed in found if deed.kind == COMMENT}
    of = dict(Comment.objects.filter(pk__in=comments).values_list("pk", "paper"))
    papers = _papers(of.values())
    return [
        Line(
            key=deed.pk,
            day=deed.at.date(),
            verb=deed.verb,
            kind=deed.kind,
            paper=_first(papers.get(of.get(deed.target, 0))) if deed.kind == COMMENT else None,
            reason="" if deed.pk in hidden or deed.verb == LOOK else deed.reason,
            is_redacted=deed.pk in hidden,
            is_undone=deed.pk in undone,
            can_be_undone=deed.verb in FAMILIES and deed.pk not in undone,
            by_rule=deed.actor is None and deed.verb not in BY_COMMAND,
        )
        for deed in found
    ]


def count() -> int:
    """How many deeds the log has."""
    return Deed.objects.count()


def suspended(*, now: datetime) -> list[Person]:
    """Who may only read for now."""
    return list(
        Person.objects.filter(suspended_until__gt=now, left_at=None).order_by("suspended_until", "pk")
    )


def named(papers: Iterable[tuple[int, int]]) -> list[tuple[str, str, int]]:
    """The name and title of each paper beside what was counted of it."""
    counted = list(papers)
    known = _papers(pk for pk, _ in counted)
    return [(*known[pk], many) for pk, many in counted if pk in known]


def _things(kind: str, keys: Collection[int]) -> dict[int, Thing]:
    table = above.kinds[kind].table if kind in above.kinds else TABLES[kind]
    return dict(table._default_manager.in_bulk(keys))


def _case(
    thing: Thing,
    key: tuple[str, int],
    owners: dict[int, Person],
    papers: dict[int, tuple[str, str]],
    reports: Collection[Report],
) -> Case:
    kind, target = key
    said = tuple(_said(report) for report in reports)
    if isinstance(thing, Person):
        return Case(kind, target, thing, None, html="", text="", is_root=False, is_by_agent=False, said=said)
    if not isinstance(thing, (Comment, Submission)):
        return _case_above(kind, thing, said)
    return Case(
        kind,
        target,
        owners.get(thing.person_id or 0),
        papers.get(thing.paper_id or 0),
        html=rendering.current(thing.html, thing.renderer, thing.source)
        if isinstance(thing, Comment)
        else "",
        text=thing.text if isinstance(thing, Submission) else "",
        is_root=isinstance(thing, Comment) and thing.root_id is None,
        is_by_agent=thing.is_by_agent,
        said=said,
    )


def _case_above(kind: str, thing: Model, said: tuple[Complaint, ...]) -> Case:
    room = above.kinds[kind]
    text, place = room.named(thing)
    return Case(
        kind,
        thing.pk,
        room.owner(thing),
        None,
        html="",
        text=text,
        is_root=False,
        is_by_agent=False,
        said=said,
        place=place,
    )


def _said(report: Report) -> Complaint:
    who = report.reporter.shown if report.reporter else GONE
    return Complaint(who, REASONS[report.kind].get(report.reason, report.reason), report.note, report.at)


def _papers(keys: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """The name and title of each of these papers."""
    rows = Paper.objects.filter(pk__in={key for key in keys if key}).values_list("pk", "public_id", "title")
    return {pk: (public_id, title) for pk, public_id, title in rows}


def _first(paper: tuple[str, str] | None) -> str | None:
    return paper[0] if paper else None
