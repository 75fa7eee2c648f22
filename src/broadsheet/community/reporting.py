"""Reports: a reader says, once, that a comment, a submission, a person or a topic is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from broadsheet.accounts import access, joining
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.limits import person, take
from broadsheet.accounts.models import Person
from broadsheet.community import above, deeds, sight
from broadsheet.community.models import Report, Submission, SubmissionState

COMMENT, SUBMISSION, PERSON, TOPIC = "comment", "submission", "person", "topic"
# Everybody sees what was submitted when a curator has it, and while its paper is on a list.
PUBLIC_SUBMISSIONS = (SubmissionState.WAITING, SubmissionState.SCHEDULED, SubmissionState.ACCEPTED)
TOLD = "You told the moderators of it already."
_MONEY = "It sells something, or is there for search engines"
REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        COMMENT: {
            "spam": _MONEY,
            "rude": "It attacks a person instead of what they say",
            "off-topic": "It has nothing to do with the paper",
            "unfounded": "It accuses somebody without facts that can be checked",
            "private": "It tells what is private",
            "other": "Something else, which I say below",
        },
        SUBMISSION: {
            "spam": _MONEY,
            "no-research": "It is no research",
            "other": "Something else, which I say below",
        },
        PERSON: {
            "spam": _MONEY,
            "impostor": "They say they are somebody they are not",
            "ring": "They vote or write for somebody else's gain",
            "other": "Something else, which I say below",
        },
        TOPIC: {
            "spam": _MONEY,
            "rude": "Its name attacks somebody",
            "other": "Something else, which I say below",
        },
    }
)


class ReportError(ValueError):
    """A report cannot be taken; the message says why."""


class ToldAlreadyError(ReportError):
    """The person reported it before."""


class NothingThereError(LookupError):
    """There is no such thing for this viewer."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be reported: whose it is, and the paper that it is about."""

    kind: str
    target: int
    person: Person | None
    paper: int | None = None


def report(viewer: Viewer, kind: str, target: int, *, reason: str, note: str = "", now: datetime) -> Report:
    """Tell moderators of it. Raises NotAllowedError, NothingThereError, ReportError or TakenTooMuchError."""
    reporter = access.check(viewer, "report", now=now)
    found = thing(kind, target)
    if found.person is not None and found.person.pk == reporter.pk:
        raise ReportError("That is your own: you can change it or take it back yourself.")
    if reason not in REASONS[kind]:
        raise ReportError("Choose one of the reasons.")
    try:
        said = deeds.cleaned(note)
    except deeds.ReasonError as problem:
        raise ReportError(str(problem)) from problem
    if reason == "other" and not said:
        raise ReportError("Say what is wrong with it.")
    made = _taken(reporter, found, reason=reason, note=said, now=now)
    joining.was_active(viewer, now=now)
    return made


def of(viewer: Viewer) -> QuerySet[Report]:
    """What the viewer reported."""
    return Report.objects.filter(reporter=viewer.pk) if viewer.pk else Report.objects.none()


def thing(kind: str, target: int) -> Thing:
    """What is reported, if everybody can see it. Raises NothingThereError."""
    found: Thing | None = None
    if kind == COMMENT:
        comment = sight.public().filter(pk=target).select_related("person").first()
        found = Thing(kind, target, comment.person, comment.paper_id) if comment else None
    elif kind == SUBMISSION:
        seen = Submission.objects.filter(pk=target, state__in=PUBLIC_SUBMISSIONS)
        submission = seen.select_related("person").first()
        found = Thing(kind, target, submission.person, submission.paper_id) if submission else None
    elif kind == PERSON:
        known = Person.objects.seen().filter(pk=target).first()
        found = Thing(kind, target, known) if known else None
    elif kind in above.kinds:
        seen_above = above.kinds[kind].public().filter(pk=target).first()
        found = Thing(kind, target, above.kinds[kind].owner(seen_above)) if seen_above else None
    if found is None:
        raise NothingThereError("There is nothing like that here.")
    return found


def _taken(reporter: Person, found: Thing, *, reason: str, note: str, now: datetime) -> Report:
    known = Report.objects.filter(reporter=reporter, kind=found.kind, target=found.target)
    if known.exists():
        raise ToldAlreadyError(TOLD)
    try:
        with transaction.atomic():
            take("report", person(reporter.pk), now=now)
            return Report.objects.create(
                reporter=reporter, kind=found.kind, target=found.target, reason=reason, note=note, at=now
            )
    except IntegrityError as problem:
        raise ToldAlreadyError(TOLD) from problem
