"""Readers report what is wrong."""

from __future__ import annotations

import pytest
from tests.community.moderated import NOW, a_comment, somebody, viewer

from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.community import reporting
from broadsheet.community.models import Report, Submission, SubmissionState
from broadsheet.community.reporting import NothingThereError, ReportError

pytestmark = pytest.mark.django_db


def report(who, kind, target, reason="rude", **more):
    return reporting.report(who, kind, target, reason=reason, now=NOW, **more)


def test_a_comment_a_submission_and_a_person_can_be_reported_once_by_each():
    bea = somebody("bea")
    submission = Submission.objects.create(
        person=bea, text="2503.00001", submitted_at=NOW, state=SubmissionState.ACCEPTED
    )
    targets = {"comment": a_comment(bea).pk, "submission": submission.pk, "person": bea.pk}
    for kind, target in targets.items():
        report(viewer("ada"), kind, target, reason="spam", note=" Look\u202e\nhere ")
        report(viewer("cyd"), kind, target, reason="spam")
        with pytest.raises(ReportError, match="already"):
            report(viewer("ada"), kind, target, reason="spam")
    assert Report.objects.count() == 6
    assert Report.objects.first().note == "Look here"


@pytest.mark.parametrize("state", ["hidden", "withdrawn", "held"])
def test_what_is_not_shown_cannot_be_reported(state):
    comment = a_comment(somebody("bea"), state=state)
    with pytest.raises(NothingThereError):
        report(viewer("ada"), "comment", comment.pk)


@pytest.mark.parametrize("kind", ["comment", "submission", "person", "deed", "paper"])
def test_what_is_not_there_cannot_be_reported(kind):
    with pytest.raises(NothingThereError):
        report(viewer("ada"), kind, 4711)


@pytest.mark.parametrize(("reason", "note"), [("nonsense", ""), ("other", ""), ("rude", "x" * 501)])
def test_a_report_needs_a_reason_of_the_list_and_other_reasons_are_said(reason, note):
    comment = a_comment(somebody("bea"))
    with pytest.raises(ReportError):
        report(viewer("ada"), "comment", comment.pk, reason=reason, note=note)
    assert not Report.objects.exists()


def test_nobody_reports_their_own_and_strangers_and_suspended_people_report_nothing():
    comment = a_comment(somebody("bea"))
    with pytest.raises(ReportError, match="your own"):
        report(viewer("bea"), "comment", comment.pk)
    with pytest.raises(NobodyError):
        report(NOBODY, "comment", comment.pk)
    ada = viewer("ada")
    ada.person.suspended_until = NOW.replace(year=2027)
    with pytest.raises(NotAllowedError):
        report(ada, "comment", comment.pk)
    assert not Report.objects.exists()


def test_a_person_reports_twenty_things_a_day():
    bea, ada = somebody("bea"), viewer("ada")
    comments = [a_comment(bea)]
    comments += [a_comment(bea, comments[0].paper_id) for _ in range(20)]
    for comment in comments[:20]:
        report(ada, "comment", comment.pk)
    with pytest.raises(TakenTooMuchError, match="20 reports a day"):
        report(ada, "comment", comments[20].pk)
    assert Report.objects.count() == 20
