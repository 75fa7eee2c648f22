"""Submissions: a reader wants a paper on the list of a day, and says which by any name of it.

What the catalogue has waits for a curator at once; arXiv is asked for its own papers, which wait when they
come. Who is alone here is their own curator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from broadsheet.accounts import access, handles, joining, limits
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.community import deciding, here
from broadsheet.community.deciding import WAITS
from broadsheet.community.models import NAMED_LENGTH, Submission, SubmissionState
from broadsheet.community.settings import submission_days
from broadsheet.papers import reading
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.identifiers import parse, with_scheme
from broadsheet.papers.models import Paper, PaperListing
from broadsheet.papers.text import unpiled
from broadsheet.sources.live.wanted import TooManyWantedError, is_on_offer, want
from broadsheet.sources.models import WantedPaper

LIMIT = "submit"
# What arXiv was not even asked for in so long will not come.
PATIENCE = timedelta(days=7)
MINE_SHOWN = 100


class NoSubmissionError(ValueError):
    """That cannot be submitted; the message says why, and nothing was counted."""


class ThereAlreadyError(NoSubmissionError):
    """The paper was on a list, or waits for one."""


class NoSuchSubmissionError(LookupError):
    """There is no such submission of the viewer's own that waits."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a text would be submitted as: a paper that is here, or a name that arXiv will be asked for."""

    text: str
    paper: int | None
    named: str

    @property
    def state(self) -> SubmissionState:
        """The state in which the submission begins."""
        return SubmissionState.ASKED if self.paper is None else SubmissionState.WAITING


def left_today(person: Person, *, now: datetime) -> int | None:
    """How many more papers the person may submit today; None where nothing limits them."""
    return limits.left(LIMIT, limits.person(person.pk), now=now)


def submit(viewer: Viewer, text: str, *, now: datetime) -> Submission:
    """Submit the paper that the text names. Raises NotAllowedError, NoSubmissionError or TakenTooMuchError.

    The caller wakes what fetches where the submission is in the state `asked`.
    """
    person = access.check(viewer, "submit", now=now)
    plan = _planned(person, text, now=now)
    try:
        with transaction.atomic():
            locked_revision()
            made = _submit(viewer, person, plan, now=now)
    except IntegrityError:
        raise ThereAlreadyError("Somebody else submitted this paper just now; it waits already.") from None
    except TooManyWantedError as problem:
        raise NoSubmissionError(f"{problem}.") from None
    except here.NoWordError as problem:
        raise NoSubmissionError(str(problem)) from None
    joining.was_active(viewer, now=now)
    return made


def withdraw(viewer: Viewer, pk: int, *, now: datetime) -> None:
    """Take a submission of the viewer's own back, as if it had not been: until it was decided.

    Raises NotAllowedError or NoSuchSubmissionError.
    """
    person = access.check(viewer, "submit", now=now)
    open_ = (SubmissionState.ASKED, SubmissionState.WAITING)
    with transaction.atomic():
        gone, _ = Submission.objects.filter(pk=pk, person=person, state__in=open_).delete()
    if not gone:
        raise NoSuchSubmissionError("You have no such submission that still waits.")


def of(viewer: Viewer) -> QuerySet[Submission]:
    """The viewer's own submissions."""
    rows = Submission.objects.filter(person=viewer.pk) if viewer.pk else Submission.objects.none()
    return rows.select_related("paper")


def mine(viewer: Viewer) -> Sequence[Submission]:
    """The viewer's own submissions, the latest first."""
    return list(of(viewer).order_by("-pk")[:MINE_SHOWN])


def settle(*, now: datetime) -> bool:
    """Let wait what has come since it was asked for, and put on lists what is due; True if any was listed."""
    asked = Submission.objects.filter(state=SubmissionState.ASKED).order_by("pk")
    accepted = [_settle(pk, now=now) for pk in asked.values_list("pk", flat=True)]
    return bool(deciding.appear(now=now)) or any(accepted)


def _planned(person: Person, text: str, *, now: datetime) -> Planned:
    """What would be submitted; nothing is written. Raises NoSubmissionError."""
    text = unpiled(" ".join(text.split()))
    if not text or len(text) > NAMED_LENGTH or not text.isprintable():
        raise NoSubmissionError(
            f"Paste an identifier, a DOI or the address of a paper, of at most {NAMED_LENGTH} characters."
        )
    identifier, found = parse(text), reading.resolve(text, of_any_version=True)
    if found:
        _check_paper(found[0], now=now)
        return Planned(text, found[0], with_scheme(found[1]))
    if identifier is None:
        raise NoSubmissionError(
            "That is no identifier, DOI or address of a paper that we know how to read. An arXiv identifier"
            " looks like 2401.01234."
        )
    if not is_on_offer(identifier):
        raise NoSubmissionError(
            f"{identifier.public_id} is not in this catalogue, and nobody can be asked for it from here."
        )
    named = f"{identifier.scheme}:{identifier.value}"
    if Submission.objects.filter(person=person, named=named, state=SubmissionState.ASKED).exists():
        raise ThereAlreadyError("You submitted this paper already; arXiv was asked for it.")
    return Planned(text, None, named)


def _submit(viewer: Viewer, person: Person, plan: Planned, *, now: datetime) -> Submission:
    if plan.paper is not None:
        # Somebody may have been faster.
        _check_paper(plan.paper, now=now)
    handles.have(person)
    submission = Submission.objects.create(
        person=person,
        text=plan.text,
        paper_id=plan.paper,
        named=plan.named,
        via=viewer.via,
        is_by_agent=viewer.acts_as_agent,
        submitted_at=now,
        state=plan.state,
    )
    if plan.paper is None:
        want([plan.named.partition(":")[2]], now=now)
    limits.take(LIMIT, limits.person(person.pk), now=now)
    _accept_own(submission, now=now)
    return submission


def _accept_own(submission: Submission, *, now: datetime) -> bool:
    """Accept at once what a person submits who is alone here, unless a program did it for them."""
    is_own = access_mode() == SINGLE and not submission.is_by_agent
    if not is_own or submission.state != SubmissionState.WAITING:
        return False
    deciding.accept(submission, submission.person, day=now.date(), now=now)
    return True


def _check_paper(paper: int, *, now: datetime) -> None:
    """Raises NoSubmissionError for a paper that is old, was taken back, was on a list, or waits."""
    facts = Paper.objects.get(pk=paper)
    if facts.withdrawn or facts.retracted:
        raise NoSubmissionError("This paper was taken back: it cannot be submitted any more.")
    if listing := PaperListing.objects.filter(paper=paper).order_by("day").first():
        raise ThereAlreadyError(f"This paper is in the edition of {listing.day} already.")
    if waits := Submission.objects.filter(paper=paper, state__in=WAITS).first():
        raise ThereAlreadyError(
            f"This paper is scheduled for {waits.day} already."
            if waits.state == SubmissionState.SCHEDULED
            else f"This paper was submitted on {waits.submitted_at.date()} and waits for a curator already."
        )
    if reason := too_old(_came_out(facts), today=now.date(), days=submission_days()):
        raise NoSubmissionError(reason)


def too_old(came_out: date | None, *, today: date, days: int) -> str:
    """Why a paper is too old to be submitted; empty where it is not, or where nobody knows."""
    if not days or came_out is None or (today - came_out).days <= days:
        return ""
    age = "1 day" if days == 1 else f"{days} days"
    return f"Papers are at most {age} old when they are submitted; this one came out on {came_out}."


def _came_out(paper: Paper) -> date | None:
    """The last day on which it may have come out or was announced, as far as anybody knows."""
    (row,) = reading.bare_rows([paper.pk])
    published = row.published
    known = [day for day in (published.last if published else None, paper.announced_on) if day]
    return max(known, default=None)


def _settle(pk: int, *, now: datetime) -> bool:
    """Look what came of a paper that was asked for; True if it was accepted at once."""
    with transaction.atomic():
        locked_revision()
        submission = Submission.objects.filter(pk=pk, state=SubmissionState.ASKED).first()
        if submission is None:
            return False
        found = reading.resolve(submission.named, of_any_version=True)
        if found is None:
            _still_unknown(submission, now=now)
            return False
        submission.paper_id, submission.named = found[0], with_scheme(found[1])
        submission.state, submission.reason = _judged(found[0], now=now)
        submission.decided_at = None if submission.state == SubmissionState.WAITING else now
        submission.save()
        return _accept_own(submission, now=now)


def _judged(paper: int, *, now: datetime) -> tuple[SubmissionState, str]:
    """What becomes of the submission of a paper that has come, by the rules."""
    try:
        _check_paper(paper, now=now)
    except NoSubmissionError as problem:
        is_there = PaperListing.objects.filter(paper=paper).exists()
        is_there |= Submission.objects.filter(paper=paper, state__in=WAITS).exists()
        return (SubmissionState.DUPLICATE if is_there else SubmissionState.DECLINED), str(problem)
    return SubmissionState.WAITING, ""


def _still_unknown(submission: Submission, *, now: datetime) -> None:
    """Say that a paper will not come: arXiv does not know it, said what we cannot use, or never answered."""
    wanted = WantedPaper.objects.filter(pk=submission.named.partition(":")[2]).first()
    if wanted and wanted.found is not None:
        reason = "arXiv’s answer could not be used." if wanted.found else "arXiv has no paper of that name."
    elif now - submission.submitted_at > PATIENCE:
        reason = "arXiv did not answer."
    else:
        return
    submission.state, submission.reason, submission.decided_at = SubmissionState.UNKNOWN, reason, now
    submission.save()
