"""What becomes of what people did when they leave, and what of it they take with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from broadsheet.accounts import exporting, leaving
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import Person
from broadsheet.community import counting, here, voting
from broadsheet.community.models import (
    Claim,
    Comment,
    CommentEdit,
    CommentState,
    CommentVote,
    Deed,
    Mute,
    Notice,
    NoticeMail,
    Report,
    Submission,
    SubmissionState,
    Vote,
    VoteEvent,
    WhyNot,
)
from broadsheet.papers.catalogue import locked_revision

EMPTY = {"source": "", "html": ""}


def _submissions(person: Person, choice: Choice, now: datetime) -> None:
    """Papers stay on the lists of their days, without the name of who submitted them."""
    del choice
    own = Submission.objects.filter(person=person)
    listed = own.filter(state=SubmissionState.ACCEPTED).exclude(Q(day=None) | Q(paper=None))
    if places := list(listed.values_list("day", "paper", "named")):
        locked_revision()
    for day, paper, named in places:
        assert day
        here.forget_submitter(day, paper, named, now=now)
    own.update(person=None)
    Submission.objects.filter(decided_by=person).update(decided_by=None)


def _votes(person: Person, choice: Choice, now: datetime) -> None:
    """Votes go, or stay and do not count."""
    if not choice.votes_go:
        voting.judge_votes_of(person, now)
        return
    votes = list(Vote.objects.filter(person=person).exclude(why_not=WhyNot.TWICE))
    papers = sorted(set(Vote.objects.filter(person=person).values_list("paper", flat=True)))
    counting.lock(papers)
    VoteEvent.objects.bulk_create(
        VoteEvent(paper_id=one.paper_id, named=one.named, at=now, votes=-1, counted=0 if one.why_not else -1)
        for one in votes
    )
    Vote.objects.filter(person=person).delete()
    counting.recount(papers)


def _comments(person: Person, choice: Choice, now: datetime) -> None:
    """Comments stay without their author's name, or are emptied, as is what only they saw."""
    del now
    own = Comment.objects.filter(person=person)
    papers = sorted(set(own.values_list("paper", flat=True)))
    shown = (CommentState.VISIBLE, CommentState.HIDDEN)
    emptied = own if choice.comments_go else own.exclude(state__in=shown)
    CommentEdit.objects.filter(comment__in=emptied).delete()
    emptied.update(**EMPTY, state=CommentState.WITHDRAWN)
    Comment.objects.filter(person=person).update(person=None)
    counting.recount(papers)


def _helpful(person: Person, choice: Choice, now: datetime) -> None:
    """What the person found helpful is counted anew without them."""
    del choice, now
    own = CommentVote.objects.filter(person=person)
    comments = list(own.values_list("comment", flat=True))
    own.delete()
    for comment in Comment.objects.filter(pk__in=comments).annotate(left=Count("votes")):
        Comment.objects.filter(pk=comment.pk).update(helpful=comment.left)


def _claims(person: Person, choice: Choice, now: datetime) -> None:
    """A claim would say who somebody was."""
    del choice
    own = Claim.objects.filter(person=person)
    papers = {pk for pk in own.values_list("paper", flat=True) if pk}
    own.delete()
    Claim.objects.filter(decided_by=person).update(decided_by=None)
    voting.judge(sorted(papers), now=now)


# The catalogue is locked before any tally is, as imports do.
leaving.steps.update(
    {Submission: _submissions, Vote: _votes, Comment: _comments, CommentVote: _helpful, Claim: _claims}
)


def _said(person: Person) -> Iterator[Mapping[str, Any]]:
    """Comments, each with what it said before."""
    fields = (
        "id", "named", "version", "parent_id", "via", "is_by_agent", "source", "written_at", "edited_at",
        "state", "helpful", "upheld",
    )  # fmt: skip
    for row in Comment.objects.filter(person=person).order_by("pk").values(*fields):
        before = CommentEdit.objects.filter(comment=row["id"]).order_by("pk").values("source", "at")
        yield row | {"before": list(before)}


exporting.files.update(
    {
        "votes": lambda person: Vote.objects.filter(person=person).values(
            "named", "cast_at", "via", "is_by_agent", "why_not"
        ),
        "comments": _said,
        "helpful": lambda person: CommentVote.objects.filter(person=person).values("comment_id", "at"),
        "submissions": lambda person: Submission.objects.filter(person=person).values(
            "text", "named", "via", "is_by_agent", "submitted_at", "state", "day", "reason", "decided_at"
        ),
        "claims": lambda person: Claim.objects.filter(person=person).values(
            "kind", "named", "slug", "proof", "evidence", "state", "asked_at", "decided_at", "reason"
        ),
        "reports": lambda person: Report.objects.filter(reporter=person).values(
            "kind", "target", "reason", "note", "at", "decided_at", "is_upheld"
        ),
        "notices": lambda person: Notice.objects.filter(person=person).values(
            "kind", "target", "named", "said", "at", "read_at"
        ),
        "notices_by_mail": lambda person: NoticeMail.objects.filter(person=person).values("every"),
        "mutes": lambda person: Mute.objects.filter(person=person).values("kind", "target"),
        "deeds": lambda person: Deed.objects.filter(about=person.pk).values(
            "at", "verb", "kind", "target", "reason"
        ),
    }
)
