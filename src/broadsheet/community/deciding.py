"""What curators decide about submissions: accepted to a day, scheduled for a later one, or declined.

Each decision locks the catalogue first, as all do who write there, and is made once: of two curators at once
the second is told what the first decided. It is a row of the log, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from broadsheet.accounts import access, handles
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import deeds, here, notices
from broadsheet.community.models import Deed, Submission, SubmissionState
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.models import Paper

SUBMISSION = "submission"
WAITS = (SubmissionState.WAITING, SubmissionState.SCHEDULED)
MAY_BE_TAKEN_BACK = (SubmissionState.SCHEDULED, SubmissionState.ACCEPTED, SubmissionState.DECLINED)
FURTHEST = timedelta(days=366)
SHOWN, DECIDED_SHOWN = 200, 50


class NoDecisionError(ValueError):
    """That cannot be decided; the message says why."""


class NoSuchDecisionError(NoDecisionError):
    """There is no such submission, or no decision about it."""


def queue() -> QuerySet[Submission]:
    """What waits for a curator, the oldest first."""
    waits = Submission.objects.filter(state=SubmissionState.WAITING).order_by("submitted_at", "pk")
    return waits.select_related("paper", "person")


def waiting() -> Sequence[Submission]:
    """As much of what waits for a curator as a page shows."""
    return list(queue()[:SHOWN])


def decided() -> Sequence[Submission]:
    """What curators decided last, the latest first."""
    done = Submission.objects.filter(state__in=MAY_BE_TAKEN_BACK, decided_at__isnull=False)
    return list(done.select_related("paper", "person").order_by("-decided_at", "-pk")[:DECIDED_SHOWN])


def decide(viewer: Viewer, pk: int, day: date, *, now: datetime) -> Submission:
    """Put the paper on the list of the day: at once, or on that day if it is yet to come.

    Raises NotAllowedError, and NoDecisionError for what does not wait any more.
    """
    curator = access.check(viewer, "curate", now=now)
    if abs(day - now.date()) > FURTHEST:
        raise NoDecisionError(f"{day} is more than a year away; choose a nearer day.")
    with transaction.atomic():
        locked_revision()
        submission = _waits(pk)
        if day > now.date():
            _say(submission, SubmissionState.SCHEDULED, curator, day=day, now=now)
        else:
            accept(submission, curator, day=day, now=now)
        return submission


def decline(viewer: Viewer, pk: int, reason: str, *, now: datetime) -> Submission:
    """Decline it, with a reason that the submitter sees. Raises as `decide` does, and ReasonError."""
    curator = access.check(viewer, "curate", now=now)
    why = deeds.needed(reason)
    with transaction.atomic():
        locked_revision()
        submission = _waits(pk)
        _say(submission, SubmissionState.DECLINED, curator, reason=why, now=now)
        return submission


def take_back(viewer: Viewer, pk: int, *, now: datetime) -> Submission:
    """Let a submission wait again that was decided; what was on the list of a day is there no more."""
    curator = access.check(viewer, "curate", now=now)
    with transaction.atomic():
        locked_revision()
        submission = Submission.objects.select_for_update().filter(pk=pk, state__in=MAY_BE_TAKEN_BACK).first()
        if submission is None or submission.paper_id is None:
            raise NoSuchDecisionError("There is no such decision, or it was taken back already.")
        if Submission.objects.filter(paper=submission.paper_id, state__in=WAITS).exclude(pk=pk).exists():
            raise NoDecisionError("Another submission of the same paper waits already.")
        if submission.state == SubmissionState.ACCEPTED and submission.day:
            here.unlist(submission.day, submission.paper_id, submission.named, now=now)
        undone = Deed.objects.filter(kind=SUBMISSION, target=pk, undone_by=None, undoes=None).last()
        _say(submission, SubmissionState.WAITING, curator, undoes=undone, now=now)
        return submission


def accept(submission: Submission, curator: Person | None, *, day: date, now: datetime) -> None:
    """Put its paper on the list of the day, in the submitter's name. The caller holds the transaction."""
    paper = Paper.objects.get(submissions_here=submission)
    if paper.withdrawn or paper.retracted:
        raise NoDecisionError("This paper was taken back: it is on no list any more.")
    person = submission.person if submission.person and submission.person.is_active else None
    here.list_on(
        day,
        paper.pk,
        submission.named,
        submitter_name=_named(person, submission) if person else "",
        submitter_username=handles.have(person) if person else "",
        now=now,
    )
    _say(submission, SubmissionState.ACCEPTED, curator, day=day, now=now)


def _named(person: Person, submission: Submission) -> str:
    """Who sent it in, as the list names them: wherever that goes, it says that a program did."""
    return f"{person.shown} (agent)" if submission.is_by_agent else person.shown


def appear(*, now: datetime) -> int:
    """Put on the list what was scheduled for today or before; how many were."""
    due = Submission.objects.filter(state=SubmissionState.SCHEDULED, day__lte=now.date())
    return sum(
        _appear(pk, now=now) for pk in due.order_by("day", "submitted_at").values_list("pk", flat=True)
    )


def _appear(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        locked_revision()
        submission = Submission.objects.filter(pk=pk, state=SubmissionState.SCHEDULED).first()
        if submission is None or submission.day is None or submission.day > now.date():
            return False
        try:
            accept(submission, None, day=submission.day, now=now)
        except (NoDecisionError, here.NoWordError) as problem:
            _say(submission, SubmissionState.DECLINED, None, reason=str(problem), now=now)
    return True


def _waits(pk: int) -> Submission:
    """The submission that waits or is scheduled, locked. Raises NoDecisionError."""
    submission = Submission.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if submission is None or submission.paper_id is None:
        raise NoSuchDecisionError("There is no such submission.")
    if submission.state not in WAITS:
        on = f" for {submission.day}" if submission.day else ""
        raise NoDecisionError(f"That was decided already: {submission.get_state_display().lower()}{on}.")
    return submission


def _say(
    submission: Submission,
    state: SubmissionState,
    curator: Person | None,
    *,
    day: date | None = None,
    reason: str = "",
    undoes: Deed | None = None,
    now: datetime,
) -> None:
    """Write the decision down, in the submission and in the log; a rule decides where no curator does."""
    before = {"state": submission.state, "day": str(submission.day or ""), "reason": submission.reason}
    submission.state, submission.day, submission.reason = state, day, reason
    is_decision = state != SubmissionState.WAITING
    submission.decided_at = now if is_decision else None
    submission.decided_by = curator if is_decision else None
    submission.save(update_fields=["state", "day", "reason", "decided_at", "decided_by"])
    deed = deeds.log(
        curator,
        VERBS[state],
        SUBMISSION,
        submission.pk,
        reason=reason,
        before=before,
        undoes=undoes,
        about=submission.person_id,
        now=now,
    )
    _tell(submission, deed, curator, now=now)


def _tell(submission: Submission, deed: Deed, curator: Person | None, *, now: datetime) -> None:
    """Let the submitter know what was decided, unless it was they who did."""
    told = {
        SubmissionState.ACCEPTED: f"The paper that you submitted is in the edition of {submission.day}.",
        SubmissionState.SCHEDULED: f"The paper that you submitted is scheduled for {submission.day}.",
        SubmissionState.DECLINED: f"The paper that you submitted was declined: {submission.reason}",
    }.get(SubmissionState(submission.state))
    person = submission.person_id
    if told and person and person != (curator and curator.pk):
        paper, named = submission.paper_id, submission.named
        kind = notices.SUBMISSION
        notices.note([person], kind, target=deed.pk, now=now, paper=paper, named=named, said=told)


VERBS = {
    SubmissionState.ACCEPTED: "accept",
    SubmissionState.SCHEDULED: "schedule",
    SubmissionState.DECLINED: "decline",
    SubmissionState.WAITING: "take back",
}
