"""Who is told of what, once."""

from __future__ import annotations

import dataclasses

import pytest
from tests.community.talk import NOW, a_paper, reader, say

from broadsheet.accounts.access import NOBODY
from broadsheet.accounts.models import Person
from broadsheet.community import commenting, notices, telling
from broadsheet.community.models import Claim, Notice, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def kinds(viewer) -> list[str]:
    """What the viewer is told, the oldest first."""
    return [notice.kind for notice in reversed(notices.of(viewer))]


def test_who_is_answered_is_told_and_nobody_tells_themselves():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    first = say(ada, paper)
    answer = say(ben, paper, "Quite.", answers=first.pk)
    say(ada, paper, "Thank you, @ada.", answers=first.pk)
    say(ada, paper, "And you?", answers=answer.pk)
    assert kinds(ada) == ["answer"]
    assert kinds(ben) == ["answer"]
    assert kinds(NOBODY) == []
    assert notices.unread(NOBODY) == 0


def test_authors_and_submitters_are_told_of_what_is_said_about_their_paper():
    ada, sue, paper = reader("ada"), reader("sue"), a_paper()
    Claim.objects.create(
        person=ada.person, kind="author", paper_id=paper, slug="ada", state="verified", asked_at=NOW
    )
    Claim.objects.create(
        person=reader("eve").person, kind="author", paper_id=paper, slug="eve", state="asked", asked_at=NOW
    )
    Submission.objects.create(
        person=sue.person, text="2611.00001", paper_id=paper, submitted_at=NOW, state="accepted"
    )
    say(reader("ben"), paper, "Well done, @ada.")
    assert Notice.objects.count() == 2
    assert kinds(ada) == kinds(sue) == ["comment"]


def test_who_is_named_is_told_unless_somebody_names_them_whom_nobody_vouched_for():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    say(reader("new", vouched_at=None), paper, "Hey @ada.")
    assert kinds(ada) == []
    comment = say(ben, paper, "What does @ADA say? Or @nobody-here? Not mail@ada.example.")
    assert kinds(ada) == ["mention"]
    cleo = reader("cleo")
    commenting.edit(ben, comment.pk, "What do @ada and @cleo say?", now=NOW)
    assert (kinds(ada), kinds(cleo)) == (["mention"], ["mention"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@ada, @Ben-2.", ["ada", "ben-2"]),
        ("(@ada) @ada's", ["ada"]),
        ("ada@ben.example a.@ben /@ben @@ben @b @-b", []),
        (" ".join(f"@reader{number}" for number in range(50)), [f"reader{number}" for number in range(10)]),
    ],
)
def test_a_handle_is_one_that_stands_alone(text, named):
    assert telling.mentions(text) == named


def test_of_what_is_held_only_its_owner_is_told_until_it_appears():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    agent = dataclasses.replace(ada, via="mcp", is_agent=True)
    comment = say(agent, paper, "A word for @ben.", answers=say(ben, paper).pk)
    assert (kinds(ada), kinds(ben)) == (["held"], [])
    commenting.confirm(ada, comment.pk, now=NOW)
    assert kinds(ben) == ["answer"]


def test_the_owner_of_a_bot_is_told_what_it_wrote():
    ada = reader("ada")
    bot = reader("ada-bot", kind="bot", owner=ada.person)
    say(bot, a_paper(), "@ada-bot")
    assert kinds(ada) == ["held"]
    assert not Notice.objects.filter(person=bot.pk).exists()


def test_nobody_is_told_of_what_they_cannot_read_any_more():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    answer = say(ben, paper, "Quite.", answers=say(ada, paper).pk)
    assert notices.unread(ada) == 1
    commenting.withdraw(ben, answer.pk, now=NOW)
    assert (kinds(ada), notices.unread(ada)) == ([], 0)


def test_a_thread_is_muted_for_one_person_until_it_is_not(count_queries):
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    root = say(ada, paper)
    notices.mute(ada, root.pk)
    notices.mute(ada, root.pk)
    say(ben, paper, "Quite, @ada.", answers=root.pk)
    assert (kinds(ada), notices.muted(ada), notices.muted(ben)) == ([], {root.pk}, set())
    say(ben, paper, "Elsewhere, @ada.")
    notices.unmute(ada, root.pk)
    say(ben, paper, "Quite so.", answers=root.pk)
    assert kinds(ada) == ["mention", "answer"]
    assert count_queries(notices.unread, ada) == 1


def test_only_the_beginning_of_a_thread_that_one_can_see_is_muted():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    root = say(ada, paper)
    answer = say(ada, paper, "More.", answers=root.pk)
    held = say(dataclasses.replace(ada, via="mcp"), paper, "Held.")
    for key in (answer.pk, held.pk, 999):
        notices.mute(ben, key)
    notices.mute(NOBODY, root.pk)
    assert notices.muted(ben) == set()


def test_what_came_after_the_page_was_read_stays_unread():
    ada, ben, paper = reader("ada"), reader("ben"), a_paper()
    root = say(ada, paper)
    say(ben, paper, "One.", answers=root.pk)
    seen = notices.of(ada)[0].pk
    say(ben, paper, "Two.", answers=root.pk)
    notices.read(ben, until=seen, now=NOW)
    assert notices.unread(ada) == 2
    notices.read(ada, until=seen, now=NOW)
    assert notices.unread(ada) == 1


def test_a_feed_has_one_secret_at_a_time_and_ends():
    ada = reader("ada").person
    old = notices.make_feed(ada, now=NOW)
    new = notices.make_feed(ada, now=NOW)
    assert (notices.reader_of(old), notices.reader_of(new)) == (None, ada)
    Person.objects.filter(pk=ada.pk).update(left_at=NOW)
    assert notices.reader_of(new) is None
    Person.objects.filter(pk=ada.pk).update(left_at=None)
    notices.end_feed(ada)
    assert notices.reader_of(new) is None
