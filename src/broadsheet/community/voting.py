"""Votes: cast and withdrawn, never toggled, and why a vote may not count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.limits import person, take
from broadsheet.accounts.models import Person
from broadsheet.community import counting
from broadsheet.community.models import Claim, ClaimKind, ClaimState, Vote, VoteEvent, WhyNot
from broadsheet.community.together import written
from broadsheet.papers.models import Paper

WORDS = {
    WhyNot.AGENT: "Votes of programs are shown apart and never counted.",
    WhyNot.AUTHOR: "You are an author of this paper: your vote is shown apart and not counted.",
    WhyNot.NEW: "Your vote counts once you are vouched for.",
    WhyNot.SUSPENDED: "Your account is suspended: your vote does not count.",
    WhyNot.LEFT: "Its voter left.",
    WhyNot.TWICE: "Your earlier vote for the same paper counts.",
}


class NoVoteError(ValueError):
    """A paper cannot be voted on; the message says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person's vote for a paper stands, and why it does not count where it does not."""

    stands: bool
    why_not: str = ""

    @property
    def words(self) -> str:
        """Why it does not count, in words for the voter; empty where it does."""
        return WORDS[WhyNot(self.why_not)] if self.why_not else ""


def cast(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Standing:
    """Let the viewer's vote for the paper stand. To cast it again changes nothing.

    Raises NotAllowedError, TakenTooMuchError, or NoVoteError for a paper that was taken back.
    """
    voter = access.check(viewer, "vote", now=now)
    return written(lambda: _cast(viewer, voter, paper, named, now=now))


def withdraw(viewer: Viewer, paper: int, *, now: datetime) -> Standing:
    """Let the viewer's vote for the paper stand no more. Raises as `cast` does."""
    voter = access.check(viewer, "vote", now=now)
    return written(lambda: _withdraw(voter, paper, now=now))


def standing(viewer: Viewer, papers: Collection[int]) -> dict[int, Standing]:
    """The viewer's votes for these papers, in one query; a paper without one is left out."""
    if viewer.pk is None:
        return {}
    votes = Vote.objects.filter(person=viewer.pk, paper__in=papers).order_by("-cast_at", "-pk")
    return {paper: Standing(stands=True, why_not=why) for paper, why in votes.values_list("paper", "why_not")}


def judge(papers: Collection[int], *, now: datetime) -> None:
    """Say of each vote for these papers anew whether it counts, after their voters or the papers changed.

    The caller holds the transaction.
    """
    for paper in papers:
        votes = Vote.objects.filter(paper=paper).select_related("person").order_by("cast_at", "pk")
        authors, seen = _authors(paper), set[int]()
        for vote in votes:
            is_twice = vote.person_id in seen
            why = (
                WhyNot.TWICE if is_twice else why_not(vote.person, is_agent=vote.is_by_agent, authors=authors)
            )
            seen.add(vote.person_id)
            if why != vote.why_not:
                _say(vote, why, now=now)
    counting.recount(papers)


def why_not(voter: Person, *, is_agent: bool, authors: Collection[int]) -> str:
    """Why a vote of that person does not count for a paper of these authors; empty where it does."""
    if voter.left_at:
        return WhyNot.LEFT
    if is_agent:
        return WhyNot.AGENT
    if voter.pk in authors:
        return WhyNot.AUTHOR
    if voter.suspended_until:
        return WhyNot.SUSPENDED
    return "" if voter.vouched_at else WhyNot.NEW


def _cast(viewer: Viewer, voter: Person, paper: int, named: str, *, now: datetime) -> Standing:
    known = standing(viewer, [paper]).get(paper)
    if known:
        return known
    if not Paper.objects.filter(pk=paper, withdrawn=False, retracted=False).exists():
        raise NoVoteError("This paper was taken back: it cannot be voted on any more.")
    take("vote", person(voter.pk), now=now)
    is_agent = viewer.acts_as_agent
    why = why_not(voter, is_agent=is_agent, authors=_authors(paper))
    vote = Vote(
        person=voter,
        paper_id=paper,
        named=named,
        cast_at=now,
        via=viewer.via,
        is_by_agent=is_agent,
        why_not=why,
    )
    if _inserted(vote):
        _note(paper, named, why, by=1, now=now)
    return Standing(stands=True, why_not=why)


def _inserted(vote: Vote) -> bool:
    """Insert the vote. False where another request of the same person was first."""
    fields = [field for field in Vote._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    values = [field.get_db_prep_save(field.pre_save(vote, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Vote._meta.db_table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
            " ON CONFLICT DO NOTHING",
            values,
        )
        return bool(cursor.rowcount == 1)


def _withdraw(voter: Person, paper: int, *, now: datetime) -> Standing:
    for vote in Vote.objects.select_for_update().filter(person=voter, paper=paper):
        gone, _ = Vote.objects.filter(pk=vote.pk).delete()
        if gone and vote.why_not != WhyNot.TWICE:
            _note(paper, vote.named, vote.why_not, by=-1, now=now)
    return Standing(stands=False)


def _note(paper: int, named: str, why: str, *, by: int, now: datetime) -> None:
    VoteEvent.objects.create(paper_id=paper, named=named, at=now, votes=by, counted=0 if why else by)
    counting.voted(paper, why, by=by)


def _say(vote: Vote, why: str, *, now: datetime) -> None:
    """Note the other reason, and that the vote counts from now on or no more."""
    Vote.objects.filter(pk=vote.pk).update(why_not=why)
    votes = (why != WhyNot.TWICE) - (vote.why_not != WhyNot.TWICE)
    counted = (not why) - (not vote.why_not)
    VoteEvent.objects.create(paper=vote.paper, named=vote.named, at=now, votes=votes, counted=counted)


def _authors(paper: int) -> set[int]:
    """Who is verified as an author of the paper."""
    claims = Claim.objects.filter(paper=paper, kind=ClaimKind.AUTHOR, state=ClaimState.VERIFIED)
    return set(claims.values_list("person", flat=True))
