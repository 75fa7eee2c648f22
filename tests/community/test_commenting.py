"""Comments: what people may do with them, and what is counted."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import transaction
from tests.community.talk import NOW, a_paper, reader, say

from broadsheet.accounts import joining
from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.accounts.models import Person
from broadsheet.community import commenting, counting, deeds, sight
from broadsheet.community.commenting import CommentError, NoCommentError
from broadsheet.community.models import Comment, CommentEdit, CommentVote, Report
from broadsheet.papers.models import PaperVersion, Tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
LATER = NOW + timedelta(hours=1)


def tally(paper: int) -> tuple[int, int]:
    row = Tally.objects.get(pk=paper)
    assert not counting.recount([paper]), "the tally had drifted"
    return row.comments_here, row.talkers


def agent(viewer, **more):
    return dataclasses.replace(
        viewer, via="mcp", is_agent=True, scopes=frozenset({"comment", "vote"}), **more
    )


def hidden(comment: Comment) -> str:
    with transaction.atomic():
        deeds.log(None, "hide", "comment", comment.pk, reason="Off topic.", now=NOW)
        return commenting.hide(comment.pk)


def test_a_comment_remembers_what_it_was_written_about_and_is_counted():
    ada, paper = reader("ada"), a_paper()
    PaperVersion.objects.create(paper_id=paper, number=2)
    comment = say(ada, paper, "A *fine* bound: $x^2$.")
    assert (comment.named, comment.version, comment.depth) == ("arxiv:2611.00001", 2, 0)
    assert "<em>fine</em>" in comment.html
    assert "<math" in comment.html
    assert tally(paper) == (1, 1)


def test_a_handle_is_made_up_with_the_first_comment_and_the_day_counts():
    nameless = reader(None)
    say(nameless, a_paper())
    person = Person.objects.get(pk=nameless.pk)
    assert person.handle.startswith("reader-")
    assert (person.active_days, person.last_active_on) == (1, NOW.date())


def test_talkers_are_people_and_not_comments():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    for text in ("One.", "Two.", "Three."):
        say(ada, paper, text)
    say(ben, paper)
    assert tally(paper) == (4, 2)


def test_the_same_form_sent_twice_is_one_comment():
    ada, paper = reader("ada"), a_paper()
    assert say(ada, paper).pk == say(ada, paper).pk
    assert say(ada, paper, now=LATER).pk != say(ada, paper).pk
    assert tally(paper) == (2, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write something"),
        (" \r\n\t", "Write something"),
        ("\u200b\u202e\x00", "Write something"),
        ("x" * 65_537, "at most 65,536"),
        ("half \ud800", "half a character"),
    ],
)
def test_what_is_no_comment_is_refused_in_a_sentence(text, why):
    ada, paper = reader("ada"), a_paper()
    with pytest.raises(CommentError, match=why):
        say(ada, paper, text)
    assert not Comment.objects.exists()


def test_controls_are_left_out_and_lines_end_alike():
    assert say(reader("ada"), a_paper(), "\x00one\r\ntwo\x1b").source == "one\ntwo"


def test_strangers_suspended_people_and_tokens_without_the_scope_write_nothing():
    paper = a_paper()
    suspended = reader("sid", suspended_until=LATER)
    reading = dataclasses.replace(reader("ada"), scopes=frozenset({"read"}))
    for viewer, error in ((NOBODY, NobodyError), (suspended, NotAllowedError), (reading, NotAllowedError)):
        with pytest.raises(error):
            say(viewer, paper)
    assert not Comment.objects.exists()


def test_answers_are_counted_eight_deep_and_go_on_beside_that():
    ada, paper = reader("ada"), a_paper()
    last = first = say(ada, paper, "0")
    for number in range(1, 12):
        last = say(ada, paper, str(number), answers=last.pk)
        assert (last.depth, last.root_id) == (min(number, 8), first.pk)


def test_only_what_everybody_sees_can_be_answered_and_only_on_its_paper():
    ada, paper = reader("ada"), a_paper()
    mine, other = say(ada, paper), a_paper(2)
    with pytest.raises(NoCommentError):
        say(ada, other, "Hm.", answers=mine.pk)
    commenting.withdraw(ada, mine.pk, now=NOW)
    for viewer, error in ((ada, CommentError), (reader("ben"), NoCommentError)):
        with pytest.raises(error):
            say(viewer, paper, "Hm.", answers=mine.pk)
    with pytest.raises(NoCommentError):
        say(ada, paper, "Hm.", answers=2**70)


def test_a_locked_thread_takes_no_more_answers():
    ada, paper = reader("ada"), a_paper()
    root = say(ada, paper)
    answer = say(ada, paper, "And more.", answers=root.pk)
    deeds.log(None, deeds.LOCK, "comment", root.pk, reason="Enough.", now=NOW)
    for locked in (root, answer):
        with pytest.raises(CommentError, match="closed"):
            say(ada, paper, "One thing still.", answers=locked.pk)


def test_an_edit_keeps_what_was_said_and_ends_with_the_first_answer():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    mine = say(ada, paper, "A first thought.")
    edited = commenting.edit(ada, mine.pk, "First.", now=LATER)
    assert (edited.source, edited.edited_at) == ("First.", LATER)
    assert CommentEdit.objects.values_list("source", "at").get() == ("A first thought.", NOW)
    commenting.edit(ada, mine.pk, "First.", now=LATER)
    assert CommentEdit.objects.count() == 1, "nothing was changed"
    answer = say(ben, paper, "Indeed.", answers=mine.pk)
    with pytest.raises(CommentError, match="Add a note"):
        commenting.edit(ada, mine.pk, "Something else.", now=LATER)
    noted = commenting.add_note(ada, mine.pk, "See also 2503.00001.", now=LATER)
    assert noted.source == "First.\n\n---\n\n*Added on 20 November 2026:*\n\nSee also 2503.00001."
    assert '<a href="/papers/2503.00001"' in noted.html
    commenting.withdraw(ben, answer.pk, now=LATER)
    assert commenting.edit(ada, mine.pk, "Something else.", now=LATER).source == "Something else."


def test_what_is_withdrawn_is_not_counted_and_is_not_changed_any_more():
    ada, paper = reader("ada"), a_paper()
    mine = say(ada, paper)
    commenting.withdraw(ada, mine.pk, now=NOW)
    commenting.withdraw(ada, mine.pk, now=NOW)
    assert tally(paper) == (0, 0)
    for change in (commenting.edit, commenting.add_note):
        with pytest.raises(CommentError, match="no longer shown"):
            change(ada, mine.pk, "Still here.", now=LATER)


def test_a_hidden_comment_comes_back_as_it_was_unless_its_author_withdrew_it():
    ada, paper = reader("ada"), a_paper()
    mine, other = say(ada, paper), say(ada, paper, "Another.")
    was = hidden(mine), hidden(other)
    assert (was, tally(paper)) == (("visible", "visible"), (0, 0))
    commenting.withdraw(ada, other.pk, now=NOW)
    with transaction.atomic():
        commenting.restore(mine.pk)
        commenting.restore(other.pk)
    assert tally(paper) == (1, 1)


def test_another_persons_comment_is_not_there_to_be_changed():
    ada, ben, mod, paper = reader("ada"), reader("ben"), reader("mod", role="moderator"), a_paper()
    mine = say(ada, paper)
    before = Comment.objects.values().get()
    for viewer in (ben, mod):
        for change in (
            lambda viewer: commenting.edit(viewer, mine.pk, "Nonsense.", now=NOW),
            lambda viewer: commenting.add_note(viewer, mine.pk, "Nonsense.", now=NOW),
            lambda viewer: commenting.withdraw(viewer, mine.pk, now=NOW),
        ):
            with pytest.raises(NoCommentError):
                change(viewer)
    with pytest.raises(NotAllowedError):
        commenting.confirm(ben, mine.pk, now=NOW)
    assert Comment.objects.values().get() == before
    assert not CommentEdit.objects.exists()


def test_what_an_agent_writes_waits_for_its_person():
    ada, paper = reader("ada"), a_paper()
    comment = say(agent(ada), paper)
    assert (comment.state, comment.is_by_agent, tally(paper)) == ("held", True, (0, 0))
    assert not sight.readable(NOBODY).exists()
    assert not sight.placed(reader("ben")).exists()
    assert sight.readable(ada).get() == comment
    with pytest.raises(NotAllowedError, match="by a person"):
        commenting.confirm(agent(ada), comment.pk, now=NOW)
    with pytest.raises(NoCommentError):
        commenting.confirm(reader("cleo"), comment.pk, now=NOW)
    commenting.confirm(ada, comment.pk, now=NOW)
    # What an agent wrote makes nobody a talker.
    assert tally(paper) == (1, 0)
    edited = commenting.edit(agent(ada), comment.pk, "Something else.", now=NOW)
    assert (edited.state, tally(paper)) == ("held", (0, 0))


def test_what_an_agent_may_publish_appears_at_once():
    assert say(agent(reader("ada"), publishes=True), a_paper()).state == "visible"


def test_links_of_somebody_who_is_not_vouched_for_wait_for_a_moderator_or_that():
    new, mod, paper = reader("new", vouched_at=None), reader("mod", role="moderator"), a_paper()
    first = say(new, paper, "See https://shop.example now.")
    second = say(new, paper, "Plain words, and 2503.00001.")
    assert (first.state, second.state) == ("held", "visible")
    assert commenting.edit(new, second.pk, "See https://shop.example too.", now=NOW).state == "held"
    with pytest.raises(NotAllowedError, match="moderator"):
        commenting.confirm(new, first.pk, now=NOW)
    commenting.confirm(mod, first.pk, now=NOW)
    assert tally(paper) == (1, 1)
    joining.vouch(new.person, now=NOW)
    assert tally(paper) == (2, 1)


def test_helpful_is_set_and_taken_back_and_never_ones_own():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    mine = say(ada, paper)
    for stands, votes in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        commenting.find_helpful(ben, mine.pk, stands=stands, now=NOW)
        assert (Comment.objects.get().helpful, CommentVote.objects.count()) == (votes, votes)
    for viewer in (ada, agent(ben), reader("new", vouched_at=None)):
        with pytest.raises(NotAllowedError):
            commenting.find_helpful(viewer, mine.pk, stands=True, now=NOW)
    hidden(mine)
    with pytest.raises(NoCommentError):
        commenting.find_helpful(ben, mine.pk, stands=False, now=NOW)


def test_comments_are_limited_and_a_thread_that_was_reported_goes_slower(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "comment=3/minute"})
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    root = say(ben, paper, "Bait.")
    for text in ("One.", "Two.", "Three."):
        say(ada, paper, text)
    with pytest.raises(TakenTooMuchError, match="3 comments a minute"):
        say(ada, paper, "Four.")
    say(ben, paper, "More bait.", answers=root.pk)
    Report.objects.create(reporter=ada.person, kind="comment", target=root.pk, reason="rude", at=NOW)
    with pytest.raises(TakenTooMuchError, match="was reported"):
        say(ben, paper, "Yet more.", answers=root.pk, now=NOW + timedelta(seconds=30))
    say(ben, paper, "Yet more.", answers=root.pk, now=NOW + timedelta(seconds=61))


def test_each_reader_sees_what_they_may():
    ada, ben, mod, paper = reader("ada"), reader("ben"), reader("mod", role="moderator"), a_paper()
    shown, gone, away = (say(ada, paper, text) for text in ("Shown.", "Gone.", "Away."))
    held = say(agent(ada), paper, "Held.")
    commenting.withdraw(ada, gone.pk, now=NOW)
    hidden(away)
    everything = {shown, gone, away, held}
    by_token = dataclasses.replace(mod, scopes=frozenset({"read", "comment"}))
    for viewer, text, place in (
        (NOBODY, {shown}, {shown, gone, away}),
        (ben, {shown}, {shown, gone, away}),
        (by_token, {shown}, {shown, gone, away}),
        (ada, everything, everything),
        (mod, everything, everything),
    ):
        assert set(sight.readable(viewer)) == text
        assert set(sight.placed(viewer)) == place
    assert sight.why_hidden([away.pk, shown.pk]) == {away.pk: "Off topic."}


@pytest.mark.thorough
def test_answers_an_edit_a_withdrawal_and_a_moderator_at_once_leave_what_each_was_told(rushed):
    found = rushed("one_thread")
    assert found["root"] == "withdrawn"
    assert found["edits"] == found["edited"]
    assert found["answers"] == found["people"] == found["tally"] >= found["answered"]
    assert not found["wrong"]
