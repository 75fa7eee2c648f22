"""Who is told of a comment."""

from __future__ import annotations

import re
from datetime import datetime

from broadsheet.accounts.models import HANDLE_LENGTH, Person
from broadsheet.community import notices
from broadsheet.community.models import (
    Claim,
    ClaimKind,
    ClaimState,
    Comment,
    CommentState,
    Submission,
    SubmissionState,
)

STANDS = (SubmissionState.WAITING, SubmissionState.SCHEDULED, SubmissionState.ACCEPTED)
# Whoever names more people than that tells the first of them.
MOST_MENTIONS = 10
_MENTION = re.compile(
    rf"(?<![\w@/.-])@([a-z0-9][a-z0-9-]{{0,{HANDLE_LENGTH - 2}}}[a-z0-9])(?![\w@])", re.IGNORECASE
)


def tell(comment: Comment, *, now: datetime) -> None:
    """Note the comment for those whom it is about, for the one reason that concerns each of them most. Told
    again, after an edit, only who is new hears of it. The caller holds the transaction.
    """
    if comment.state == CommentState.HELD and comment.is_by_agent:
        _note({_owner(comment)}, notices.HELD, comment, now=now)
    if comment.state != CommentState.VISIBLE:
        return
    told = {comment.person_id, *notices.who_muted(comment.root_id or comment.pk)}
    for kind, people in (
        (notices.ANSWER, {comment.parent.person_id} if comment.parent else set()),
        (notices.COMMENT, _of_the_paper(comment.paper_id)),
        (notices.MENTION, _mentioned(comment)),
    ):
        _note(people - told, kind, comment, now=now)
        told |= people


def mentions(source: str) -> list[str]:
    """The handles that a text names, such as @ada."""
    return list(dict.fromkeys(found.lower() for found in _MENTION.findall(source)))[:MOST_MENTIONS]


def _note(people: set[int | None], kind: str, comment: Comment, *, now: datetime) -> None:
    if known := [pk for pk in people if pk is not None]:
        notices.note(known, kind, target=comment.pk, now=now, paper=comment.paper_id, named=comment.named)


def _owner(comment: Comment) -> int | None:
    """The person who confirms what a program wrote for them."""
    author = comment.person
    return (author.owner_id or author.pk) if author else None


def _of_the_paper(paper: int) -> set[int | None]:
    """Who is verified as an author of the paper, or submitted it."""
    authors = Claim.objects.filter(paper=paper, kind=ClaimKind.AUTHOR, state=ClaimState.VERIFIED)
    submitted = Submission.objects.filter(paper=paper, state__in=STANDS)
    return {*authors.values_list("person", flat=True), *submitted.values_list("person", flat=True)}


def _mentioned(comment: Comment) -> set[int | None]:
    """Whom the comment names. Nobody is called by somebody who is not vouched for."""
    if comment.person is None or not comment.person.vouched_at:
        return set()
    handles = mentions(comment.source)
    return set(Person.objects.filter(handle__in=handles).values_list("pk", flat=True)) if handles else set()
