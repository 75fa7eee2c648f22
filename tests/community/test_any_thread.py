"""Whatever people do to threads in whatever order: the numbers are right, and nobody reads what is not theirs to read."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from tests.community.people import NOW, papers, person

from broadsheet.accounts.access import NOBODY, NotAllowedError, Viewer
from broadsheet.community import commenting, counting, moderating, sight, threads
from broadsheet.community.commenting import CommentError, NoCommentError
from broadsheet.community.models import Comment, CommentState, Deed
from broadsheet.community.moderating import ModerationError
from broadsheet.papers import reading, verdicts
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.models import Tally

pytestmark = pytest.mark.django_db
NAMES = ("2611.00001", "2611.00002")
WORD = re.compile(r"word\d+x")
REFUSED = (CommentError, NoCommentError, NotAllowedError, ModerationError)
OFTEN = {
    "write": 3,
    "answer": 5,
    "edit": 2,
    "note": 1,
    "withdraw": 1,
    "hide": 2,
    "undo": 1,
    "join": 1,
    "split": 1,
}


class Talk:
    """Three readers and a moderator who do things with the comments on two papers."""

    def __init__(self, dice: random.Random) -> None:
        papers(1, 2)
        self.dice, self.now, self.words = dice, NOW, 0
        self.readers = [Viewer(person(number)) for number in range(3)]
        self.moderator = Viewer(person(9, role="moderator"))
        self.is_joined = False

    def word(self) -> str:
        self.words += 1
        return f"word{self.words}x"

    def comment(self) -> Comment | None:
        every = list(Comment.objects.all())
        return self.dice.choice(every) if every else None

    def step(self) -> None:
        """Do anything; what is refused is refused whole."""
        self.now += timedelta(minutes=1)
        (act,) = self.dice.choices([*OFTEN], weights=[*OFTEN.values()])
        who, comment = self.dice.choice(self.readers), self.comment()
        if comment and act in {"edit", "note", "withdraw"} and self.dice.random() < 0.8:
            who = next(one for one in self.readers if one.pk == comment.person_id)
        with suppress(*REFUSED):
            self.do(act, who, comment, now=self.now)

    def do(self, act: str, who: Viewer, comment: Comment | None, *, now: datetime) -> None:
        if comment is not None:
            self.change(act, who, comment, now=now)
        match act:
            case "join" if not self.is_joined:
                verdicts.join(*NAMES, by="Mira", because="", now=now)
                self.is_joined = True
            case "split" if self.is_joined:
                verdicts.split(NAMES[0], [NAMES[1]], by="Mira", because="", now=now)
                self.is_joined = False
            case "write":
                self.write(who, *reading.resolve(self.dice.choice(NAMES)), now=now)

    def change(self, act: str, who: Viewer, comment: Comment, *, now: datetime) -> None:
        match act:
            case "answer":
                public_id = comment.paper.public_id
                self.write(who, comment.paper_id, public_id, now=now, answers=comment.pk)
            case "edit":
                commenting.edit(who, comment.pk, self.word(), now=now)
            case "note":
                commenting.add_note(who, comment.pk, self.word(), now=now)
            case "withdraw":
                commenting.withdraw(who, comment.pk, now=now)
            case "hide":
                moderating.act(self.moderator, "hide", "comment", comment.pk, reason="So.", now=now)
            case "undo" if hidden := Deed.objects.filter(verb="hide", undone_by=None).last():
                moderating.undo(self.moderator, hidden.pk, reason="So.", now=now)

    def write(self, who: Viewer, paper: int, public_id: str, **more) -> None:
        commenting.write(who, paper, with_scheme(public_id), self.word(), **more)


def words_of(viewer: Viewer, paper: int) -> set[str]:
    """What the viewer reads in the discussion."""
    every = [
        place.html
        for thread in threads.of_paper(paper, viewer, now=NOW).threads()
        for place in (thread.first, *thread.answers)
    ]
    return set(WORD.findall(" ".join(every)))


def may_read(viewer: Viewer, comment: Comment) -> bool:
    if comment.state == CommentState.WITHDRAWN:
        return False
    return comment.state == CommentState.VISIBLE or comment.person_id == viewer.pk or sight.moderates(viewer)


def check(talk: Talk, client: Client) -> None:
    every = list(Comment.objects.select_related("paper"))
    assert counting.recount_all() == 0
    for paper in {comment.paper for comment in every}:
        here = [comment for comment in every if comment.paper_id == paper.pk]
        visible = [comment for comment in here if comment.state == CommentState.VISIBLE]
        tally = Tally.objects.get(paper=paper)
        assert tally.comments_here == len(visible)
        assert tally.talkers == len({comment.person_id for comment in visible})
        for viewer in (NOBODY, *talk.readers, talk.moderator):
            read = {
                word for comment in here if may_read(viewer, comment) for word in WORD.findall(comment.source)
            }
            assert words_of(viewer, paper.pk) == read
        page = client.get(f"/papers/{paper.public_id}/discussion").content.decode()
        assert set(WORD.findall(page)) == words_of(NOBODY, paper.pk)
        assert all(f'id="c{one.pk}"' in page for one in here if commenting.has_answers(one.pk))
    for comment in every:
        assert comment.root is None or comment.root.paper_id == comment.paper_id
        assert comment.parent is None or comment.parent.paper_id == comment.paper_id


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(2, 22))]
)
def test_whatever_people_do_the_numbers_are_right_and_nobody_reads_too_much(seed, settings, client):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})
    talk = Talk(random.Random(seed))
    states = set()
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(80):
            talk.step()
            clock.move_to(talk.now)
            check(talk, client)
            states |= set(Comment.objects.values_list("state", flat=True))
    assert {"visible", "hidden"} <= states
