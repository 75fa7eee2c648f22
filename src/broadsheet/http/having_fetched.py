"""What people ask for that the worker has to do next, and is woken for."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.http import HttpRequest

from broadsheet.accounts.limits import client_of, networks, take
from broadsheet.community.models import Submission, SubmissionState
from broadsheet.jobs.wake import wake
from broadsheet.library.brought import Outcome, Report
from broadsheet.papers.identifiers import Identifier
from broadsheet.sources.live.wanted import want
from broadsheet.sources.models import WantedPaper

# By the state in which a submission begins.
NEXT = {SubmissionState.ASKED: "fetch", SubmissionState.ACCEPTED: "index"}


def have_fetched(request: HttpRequest, identifier: Identifier, *, now: datetime) -> None:
    """Ask arXiv for the paper, and count that, unless it waits already or was answered lately.

    Raises TooManyWantedError and TakenTooMuchError.
    """
    with transaction.atomic():
        was_waiting = WantedPaper.objects.filter(pk=identifier.value, found=None).exists()
        (row,) = want([identifier.value], now=now)
        if row.found is None and not was_waiting:
            take("ask", networks(client_of(request.META)), now=now)
            transaction.on_commit(lambda: wake("fetch"))


def wake_after_import(report: Report) -> None:
    """Wake the worker for what a library brought into the catalogue, and for what arXiv is asked for."""
    tasks = ["make_texts", "index"] if report.added else []
    tasks += ["fetch"] if report.counts[Outcome.ASKED] else []
    for task in tasks if not report.is_dry else ():
        transaction.on_commit(partial(wake, task))


def wake_for(submission: Submission) -> None:
    """Wake the worker for what a submission needs next, once it is committed."""
    if task := NEXT.get(SubmissionState(submission.state)):
        transaction.on_commit(lambda: wake(task))
