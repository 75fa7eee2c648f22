"""Votes: set and taken back, never toggled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from broadsheet.api import here
from broadsheet.api.here import Here
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import ID, known
from broadsheet.api.v1.parameters import ByKey
from broadsheet.community import voting
from broadsheet.community.voting import Standing
from broadsheet.daily import votes as daily_votes
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme

router = Router(tags=["votes"])


@dataclass(frozen=True, slots=True)
class Vote:
    """Whether the vote of who asks for the paper `id` `stands`, and whether it `counts`; `why_not` says why
    it does not, as a word and, in `said`, for people. `here` are the counts of this site with it.
    """

    id: str
    stands: bool
    counts: bool
    why_not: str
    said: str
    here: Here


@dataclass(frozen=True, slots=True)
class MyVote:
    """A vote of one's own for the paper `id`; `why_not` is a word, empty where it counts."""

    id: str
    cast_at: datetime
    why_not: str
    is_by_agent: bool


@dataclass(frozen=True, slots=True)
class MyVotes:
    """One's own votes, the latest first; `next` is the cursor of those that follow, null at the end."""

    votes: tuple[MyVote, ...]
    next: str | None


@router.get("votes", response=MyVotes, auth=Token("vote"), summary="One's own votes")
def votes(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """Others see them only where one shows them on one's page. Takes the scope `vote`."""
    rows, cursor = listing.part(voting.of(viewer_of(request)), asked)
    sent = [MyVote(row.paper.public_id, row.cast_at, str(row.why_not), row.is_by_agent) for row in rows]
    return answers.json(request, MyVotes(tuple(sent), cursor), cursor=cursor)


@router.put("papers/{path:id}/vote", response=Vote, auth=Token("vote"), summary="Vote for a paper")
def cast_vote(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Lets the vote stand; to send it again changes nothing. Takes the scope `vote`."""
    paper, name = known(id)
    stands = daily_votes.cast(viewer_of(request), paper, with_scheme(name), now=timezone.now())
    return _answer(request, paper, name, stands)


@router.delete(
    "papers/{path:id}/vote", response=Vote, auth=Token("vote"), summary="Take the vote for a paper back"
)
def withdraw_vote(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Lets the vote stand no more, whether or not there was one. Takes the scope `vote`."""
    paper, name = known(id)
    stands = daily_votes.withdraw(viewer_of(request), paper, with_scheme(name), now=timezone.now())
    return _answer(request, paper, name, stands)


def _answer(request: HttpRequest, paper: int, name: str, stands: Standing) -> HttpResponse:
    said = Vote(
        id=name,
        stands=stands.stands,
        counts=stands.stands and not stands.why_not,
        why_not=stands.why_not,
        said=stands.words,
        here=here.of_papers([paper])[paper],
    )
    return answers.json(request, said)
