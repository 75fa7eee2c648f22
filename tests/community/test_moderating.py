"""Moderators act, and every act is undone by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.community.moderated import NOW, a_comment, a_paper, somebody, viewer

from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import deeds, moderating, reporting, voting
from broadsheet.community.deeds import ReasonError
from broadsheet.community.models import Comment, Deed, Report
from broadsheet.community.moderating import ACTS, ModerationError
from broadsheet.community.reporting import NothingThereError
from broadsheet.papers.models import Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo() -> Viewer:
    return viewer("mo", "moderator")


def act(who, verb, kind, target, **more):
    return moderating.act(who, verb, kind, target, **{"reason": "Against the rules.", "now": NOW} | more)


def undo(who, deed, **more):
    return moderating.undo(who, deed.pk, **{"reason": "A mistake.", "now": NOW} | more)


def reported(kind: str, target: int, who: str = "ada") -> Report:
    return reporting.report(viewer(who), kind, target, reason="spam", now=NOW)


def test_a_hidden_comment_is_counted_no_more_and_restored_as_it_was(mo):
    comment = a_comment(somebody("bea"))
    hidden = act(mo, "hide", "comment", comment.pk, note="Third time.")
    assert (hidden.actor, hidden.about, hidden.before["state"]) == (mo.pk, comment.person_id, "visible")
    comment.refresh_from_db()
    assert comment.state == "hidden"
    assert not Tally.objects.filter(comments_here__gt=0).exists()
    restored = undo(mo, hidden)
    comment.refresh_from_db()
    assert (comment.state, restored.verb, restored.undoes) == ("visible", "restore", hidden)
    assert Tally.objects.get(paper=comment.paper_id).comments_here == 1


def test_hiding_upholds_the_reports_and_undoing_opens_them_again(mo):
    comment = a_comment(somebody("bea"))
    reported("comment", comment.pk), reported("comment", comment.pk, "cyd")
    hidden = act(mo, "hide", "comment", comment.pk)
    assert Report.objects.filter(is_upheld=True, decided_at=NOW).count() == 2
    assert Comment.objects.get().upheld == 2
    undo(mo, hidden)
    assert Report.objects.filter(is_upheld=None, decided_at=None).count() == 2
    assert Comment.objects.get().upheld == 0


def test_dismissed_reports_do_not_count_against_a_comment_and_can_be_opened_again(mo):
    comment = a_comment(somebody("bea"))
    reported("comment", comment.pk)
    dismissed = act(mo, "dismiss", "comment", comment.pk)
    assert Report.objects.get().is_upheld is False
    assert Comment.objects.get().upheld == 0
    undo(mo, dismissed)
    assert Report.objects.get().decided_at is None
    with pytest.raises(ModerationError, match="No report"):
        act(mo, "dismiss", "person", comment.person_id)


def test_votes_of_a_suspended_person_count_again_when_that_is_lifted(mo):
    bea, paper = somebody("bea"), a_paper()
    voting.cast(Viewer(bea), paper, "arxiv:2503.00001", now=NOW)
    suspended = act(mo, "suspend", "person", bea.pk, until=NOW + timedelta(days=7))
    assert Person.objects.get(pk=bea.pk).suspended_until == NOW + timedelta(days=7)
    assert Tally.objects.get(paper=paper).counted_here == 0
    lifted = undo(mo, suspended)
    assert Person.objects.get(pk=bea.pk).suspended_until is None
    assert Tally.objects.get(paper=paper).counted_here == 1
    undo(mo, lifted)
    assert Person.objects.get(pk=bea.pk).suspended_until == NOW + timedelta(days=7)


def test_a_thread_is_locked_by_its_first_comment(mo):
    first = a_comment(somebody("bea"))
    answer = a_comment(somebody("cyd"), first.paper_id, parent=first, root=first, depth=1)
    with pytest.raises(ModerationError, match="begins the thread"):
        act(mo, "lock", "comment", answer.pk)
    lock = act(mo, "lock", "comment", first.pk)
    assert deeds.locked([first.pk]) == {first.pk}
    undo(mo, lock)
    assert not deeds.locked([first.pk])


def test_the_reason_of_a_deed_is_hidden_by_a_deed(mo):
    hidden = act(mo, "hide", "comment", a_comment(somebody("bea")).pk)
    redacted = act(mo, "redact", "deed", hidden.pk, reason="It named somebody.")
    assert deeds.redacted([hidden, redacted]) == {hidden.pk}
    undo(mo, redacted)
    assert not deeds.redacted([hidden])


@pytest.mark.parametrize("verb", sorted(ACTS))
def test_only_moderators_act_and_undo(mo, verb):
    comment = a_comment(somebody("bea"))
    deed = act(mo, "hide", "comment", comment.pk)
    for who, problem in {
        viewer("ada"): NotAllowedError,
        viewer("cy", "curator"): NotAllowedError,
        NOBODY: NobodyError,
    }.items():
        with pytest.raises(problem):
            act(who, verb, ACTS[verb].kinds[0], comment.pk)
        with pytest.raises(problem):
            undo(who, deed)
    token = Viewer(mo.person, scopes=["read", "comment"], via="api")
    with pytest.raises(NotAllowedError, match="scope"):
        undo(token, deed)
    assert Deed.objects.count() == 1


@pytest.mark.parametrize("verb", [*sorted(ACTS), "burn"])
@pytest.mark.parametrize("kind", ["comment", "submission", "person", "deed", "paper"])
def test_what_is_not_there_cannot_be_acted_on(mo, verb, kind):
    with pytest.raises(NothingThereError):
        act(mo, verb, kind, 4711)


def test_each_act_needs_a_reason(mo):
    comment = a_comment(somebody("bea"))
    for reason in ("", " \u200b", "x" * 501):
        with pytest.raises(ReasonError):
            act(mo, "hide", "comment", comment.pk, reason=reason)
    assert Comment.objects.get().state == "visible"
    assert not Deed.objects.exists()


def test_moderators_decide_neither_about_themselves_nor_about_each_other(mo):
    own = a_comment(mo.person)
    with pytest.raises(ModerationError, match="about you"):
        act(mo, "hide", "comment", own.pk)
    for other in (somebody("max", "moderator"), somebody("op", "operator")):
        with pytest.raises(ModerationError, match="may more"):
            act(mo, "suspend", "person", other.pk)
    assert act(viewer("op"), "suspend", "person", mo.pk)


def test_a_deed_is_undone_once_and_what_came_later_first(mo):
    comment = a_comment(somebody("bea"))
    first = act(mo, "hide", "comment", comment.pk)
    undone = undo(mo, first)
    with pytest.raises(ModerationError, match="since"):
        undo(mo, first)
    again = undo(mo, undone)
    assert (again.verb, again.undoes) == ("hide", undone)
    assert Comment.objects.get().state == "hidden"
    with pytest.raises(ModerationError, match="already"):
        act(mo, "hide", "comment", comment.pk)


VERBS = ("hide", "lock", "suspend", "dismiss", "report", "undo")


@given(steps=st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 30)), max_size=12))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 2,
    # Each example takes long: one that is not the shortest is short enough.
    phases=set(Phase) - {Phase.shrink},
)
def test_in_whatever_order_moderators_act_and_undo_to_undo_it_all_backwards_leaves_everything_as_it_was(
    db, steps
):
    from django.db import transaction

    with transaction.atomic():
        try_in_order(steps)
        transaction.set_rollback(True)


def try_in_order(steps) -> None:
    mo, bea = viewer("mo", "moderator"), somebody("bea")
    comment = a_comment(bea)
    reporters = iter(range(100))
    for verb, number in steps:
        try:
            if verb == "report":
                reported("comment", comment.pk, f"r{next(reporters)}")
            elif verb == "undo":
                undo(
                    mo,
                    Deed(pk=Deed.objects.values_list("pk", flat=True)[number % (Deed.objects.count() or 1)]),
                )
            else:
                kind = "person" if verb == "suspend" else "comment"
                act(mo, verb, kind, bea.pk if kind == "person" else comment.pk)
        except (ModerationError, NothingThereError, IndexError):
            pass
        agree(comment.pk, bea.pk)
    while standing := Deed.objects.filter(undone_by=None, verb__in=ACTS).order_by("-pk").first():
        undo(mo, standing)
        agree(comment.pk, bea.pk)
    assert Comment.objects.get(pk=comment.pk).state == "visible"
    assert not Report.objects.exclude(decided_at=None).exists()
    assert Person.objects.get(pk=bea.pk).suspended_until is None
    assert not deeds.locked([comment.pk])


def agree(comment: int, person: int) -> None:
    """What is in force is what the log says: the last deed of each kind, and nothing else."""

    def last(verb: str, target: int) -> str:
        both = (verb, ACTS[verb].undoing)
        return (
            Deed.objects.filter(verb__in=both, target=target)
            .order_by("-pk")
            .values_list("verb", flat=True)
            .first()
        )

    found = Comment.objects.get(pk=comment)
    assert (found.state == "hidden") == (last("hide", comment) == "hide")
    assert found.upheld == Report.objects.filter(is_upheld=True, kind="comment").count()
    assert bool(Person.objects.get(pk=person).suspended_until) == (last("suspend", person) == "suspend")
    assert bool(deeds.locked([comment])) == (last("lock", comment) == "lock")
