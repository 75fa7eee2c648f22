"""Votes: cast and withdrawn, never toggled, and why a vote may not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.joining import is_vouched_for_at_once
from broadsheet.accounts.limits import person, take
from broadsheet.accounts.models import Person
from broadsheet.accounts.settings import access_settings
from broadsheet.community import counting
from broadsheet.community.models import ClaimKind, ClaimState, Comment, Vote, VoteEvent, WhyNot
from broadsheet.community.together import written
from broadsheet.papers.inserting import insert, insert_missing
from broadsheet.papers.portions import portions
from broadsheet.papers.tables import placeholders
from broadsheet.papers.tallies import Held

WORDS = {
    WhyNot.AGENT: "Votes of programs are shown apart and never counted.",
    WhyNot.AUTHOR: "You are an author of this paper: your vote is shown apart and not counted.",
    WhyNot.LEFT: "Its voter left.",
    WhyNot.TWICE: "Your earlier vote for the same paper counts.",
    WhyNot.SUSPENDED: "Your votes count again within a minute.",
}

# What a vote and its event are written as.
CAST = ("person", "paper", "named", "cast_at", "via", "is_by_agent", "why_not")
EVENT = ("paper", "named", "at", "votes", "counted")


class NoVoteError(ValueError):
    """A paper cannot be voted on; the message says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person's vote for a paper stands; why it does not count where it does not, and in words for
    the voter from when it will.
    """

    stands: bool
    why_not: str = ""
    words: str = ""


def cast(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Standing:
    """Let the viewer's vote for the paper stand. To cast it again changes nothing, but a person's own vote
    takes the place of the one that their program cast.

    Raises NotAllowedError, TakenTooMuchError, or NoVoteError for a paper that was taken back.
    """
    voter = access.check(viewer, "vote", now=now)
    try:
        return written(lambda: _cast(viewer, voter, paper, named, now=now))
    except IntegrityError as problem:
        raise NoVoteError("This paper has just become one with another: open it again and vote.") from problem


def of(viewer: Viewer) -> QuerySet[Vote]:
    """The viewer's own votes; of two for what is one paper now, the one that counts."""
    rows = Vote.objects.filter(person=viewer.pk) if viewer.pk else Vote.objects.none()
    return rows.exclude(why_not=WhyNot.TWICE).select_related("paper")


def cast_since(person: int) -> dict[int, datetime]:
    """The papers that a person voted for, and when."""
    rows = Vote.objects.filter(person=person).exclude(why_not=WhyNot.TWICE)
    return dict(rows.values_list("paper", "cast_at"))


def withdraw(viewer: Viewer, paper: int, *, now: datetime) -> Standing:
    """Let the viewer's vote for the paper stand no more. Raises NotAllowedError."""
    voter = access.check(viewer, "vote", now=now)
    return written(lambda: _withdraw(voter, paper, now=now))


def standing(viewer: Viewer, papers: Collection[int]) -> dict[int, Standing]:
    """The viewer's votes for these papers, in one query; a paper without one is left out."""
    if viewer.person is None or not papers:
        return {}
    with connection.cursor() as cursor:
        # Asked for each page of each reader: Django takes longer to write it than the database to answer.
        cursor.execute(
            f"SELECT paper_id, why_not FROM community_vote WHERE paper_id IN ({placeholders(papers)})"  # noqa: S608
            " AND person_id = %s ORDER BY cast_at DESC, id DESC",
            [*papers, viewer.person.pk],
        )
        return {paper: stands(viewer.person, why) for paper, why in cursor.fetchall()}


def stands(voter: Person, why: str) -> Standing:
    """How a vote of that person stands which does not count for that reason, or counts."""
    return Standing(stands=True, why_not=why, words=words(voter, why))


def words(voter: Person, why: str) -> str:
    """Why a vote does not count and from when it will, for its voter; empty where it counts."""
    match why:
        case WhyNot.NEW:
            return vouching_words(voter)
        case WhyNot.SUSPENDED if voter.suspended_until:
            return (
                f"Your account is suspended: your votes count again from {voter.suspended_until:%-d %B %Y}."
            )
    return WORDS[WhyNot(why)] if why else ""


def vouching_words(voter: Person) -> str:
    """From when the votes of a person count for whom nobody has vouched yet."""
    wanted = access_settings().active_days
    return (
        "Your vote counts once you are vouched for: by a curator, or when you did more here than vote on"
        f" {wanted} {'day' if wanted == 1 else 'days'} (so far on {min(voter.active_days, wanted)})."
    )


def why_not(voter: Person, *, is_agent: bool, authors: Collection[int], now: datetime) -> str:
    """Why a vote of that person does not count for a paper of these authors; empty where it does."""
    if voter.left_at:
        return WhyNot.LEFT
    if is_agent:
        return WhyNot.AGENT
    if voter.pk in authors:
        return WhyNot.AUTHOR
    if voter.is_suspended(now=now):
        return WhyNot.SUSPENDED
    return "" if voter.vouched_at or is_vouched_for_at_once() else WhyNot.NEW


def judge(papers: Collection[int], *, now: datetime, voter: Person | None = None) -> None:
    """Say of each vote for these papers, or of those of one voter, anew whether it counts: after papers were
    joined or parted, claims decided, or the voter vouched for or suspended.

    The caller holds the transaction.
    """
    counting.lock(papers)
    votes = Vote.objects.filter(paper__in=papers, **({"person": voter} if voter else {}))
    authors, seen = _authors(papers), set[tuple[int, int]]()
    changed: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes.select_related("person").order_by("cast_at", "pk"):
        if (vote.paper_id, vote.person_id) in seen:
            why: str = WhyNot.TWICE
        else:
            why = why_not(vote.person, is_agent=vote.is_by_agent, authors=authors[vote.paper_id], now=now)
        seen.add((vote.paper_id, vote.person_id))
        if why != vote.why_not:
            changed[why].append(vote)
    for why, those in changed.items():
        _say(those, why, now=now)
    counting.recount(papers)


def judge_votes_of(voter: Person, now: datetime) -> None:
    """Say of each vote of a person anew whether it counts, and count the papers that they talk about."""
    said = (table.objects.filter(person=voter).values_list("paper", flat=True) for table in (Vote, Comment))
    papers = sorted({paper for papers in said for paper in papers})
    for some in portions(papers, counting.PAPERS_AT_ONCE):
        with transaction.atomic():
            judge(some, now=now, voter=voter)


def judge_due(*, now: datetime) -> None:
    """End the suspensions whose time has come; what these people did counts again."""
    for freed in Person.objects.filter(suspended_until__lte=now):
        ended = Person.objects.filter(pk=freed.pk, suspended_until=freed.suspended_until)
        if ended.update(suspended_until=None):
            freed.suspended_until = None
            judge_votes_of(freed, now)


def judge_missed(*, now: datetime) -> None:
    """Judge anew the votes of those who count by now, whatever kept them from it, another access among it."""
    missed = Person.objects.filter(votes__why_not=WhyNot.NEW).distinct()
    for voter in missed if is_vouched_for_at_once() else missed.filter(vouched_at__isnull=False):
        judge_votes_of(voter, now)


def _cast(viewer: Viewer, voter: Person, paper: int, named: str, *, now: datetime) -> Standing:
    tally, is_agent = counting.held(paper), viewer.acts_as_agent
    there = _votes_of(voter, paper)
    if there and (is_agent or not there[0].is_by_agent):
        return stands(voter, there[0].why_not)
    if tally is None or tally.gone:
        raise NoVoteError("This paper was taken back: it cannot be voted on any more.")
    take("vote", person(voter.pk), now=now)
    if there:
        Vote.objects.filter(pk=there[0].pk).update(is_by_agent=False, via=viewer.via)
        judge([paper], now=now, voter=voter)
        return standing(viewer, [paper]).get(paper, Standing(stands=False))
    why = why_not(voter, is_agent=is_agent, authors=_authors([paper])[paper], now=now)
    row = (voter.pk, paper, named, now, viewer.via, is_agent, str(why))
    # Another request of the same person may have been first.
    if insert_missing(Vote, CAST, [row]):
        _note(tally, named, why, by=1, now=now)
    return stands(voter, why)


def _withdraw(voter: Person, paper: int, *, now: datetime) -> Standing:
    tally = counting.held(paper)
    for vote in _votes_of(voter, paper) if tally else ():
        gone, _ = Vote.objects.filter(pk=vote.pk).delete()
        if tally and gone and vote.why_not != WhyNot.TWICE:
            tally = _note(tally, vote.named, vote.why_not, by=-1, now=now)
    return Standing(stands=False)


class _Cast(NamedTuple):
    pk: int
    named: str
    is_by_agent: bool
    why_not: str


def _votes_of(voter: Person, paper: int) -> list[_Cast]:
    """The person's votes for the paper, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, named, is_by_agent, why_not FROM community_vote"
            " WHERE person_id = %s AND paper_id = %s ORDER BY cast_at, id",
            [voter.pk, paper],
        )
        return [_Cast(*row) for row in cursor.fetchall()]


def _note(tally: Held, named: str, why: str, *, by: int, now: datetime) -> Held:
    insert(VoteEvent, EVENT, [(tally.paper, named, now, by, 0 if why else by)])
    return counting.voted(tally, why, by=by)


def _say(those: Collection[Vote], why: str, *, now: datetime) -> None:
    """Note why these votes do not count from now on, or that they do."""
    Vote.objects.filter(pk__in=[vote.pk for vote in those]).update(why_not=why)
    events = (
        VoteEvent(
            paper_id=vote.paper_id,
            named=vote.named,
            at=now,
            votes=(why != WhyNot.TWICE) - (vote.why_not != WhyNot.TWICE),
            counted=(not why) - (not vote.why_not),
        )
        for vote in those
    )
    VoteEvent.objects.bulk_create(event for event in events if event.votes or event.counted)


def _authors(papers: Collection[int]) -> dict[int, set[int]]:
    """Who is verified as an author of each paper, though somebody disputes it."""
    states = (ClaimState.VERIFIED.value, ClaimState.DISPUTED.value)
    authors: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT paper_id, person_id FROM community_claim WHERE paper_id IN ({placeholders(papers)})"  # noqa: S608
            " AND kind = %s AND state IN (%s, %s)",
            [*papers, ClaimKind.AUTHOR.value, *states],
        )
        for paper, voter in cursor.fetchall():
            authors[paper].add(voter)
    return authors
