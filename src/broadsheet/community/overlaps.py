"""Who votes for the same papers more often than chance has it: a report for moderators, and no weight.

Two people voted together for `o` papers, of which they would share `e` if each had voted as all do:
s = (o - 2e - 1) / sqrt(n n'), from some shared papers on. A voter reads as 1 / (1 + the sum of their s).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from django.db import transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import deeds
from broadsheet.community.cases import LOOK
from broadsheet.community.models import Claim, ClaimKind, ClaimState, Vote
from broadsheet.community.settings import OverlapSettings
from broadsheet.configured import configured
from broadsheet.papers import attributions

PAPER = "paper"
HOUR = timedelta(hours=1)
PAIRS_SHOWN = 50
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who vote together: for how many other papers, and how far beyond chance."""

    people: tuple[Person, Person]
    joint: int
    s: float


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How many voted for a paper, as how many independent people they read, and the pairs that overlap."""

    voters: int
    independent: float
    pairs: tuple[Pair, ...]


def joint(ballots: Sequence[Collection[int]]) -> Matrix:
    """For how many papers each two of these people voted, and each alone on the diagonal."""
    places = {paper: place for place, paper in enumerate(sorted(set().union(*ballots)))}
    cast = np.zeros((len(ballots), len(places)))
    for row, ballot in enumerate(ballots):
        cast[row, [places[paper] for paper in ballot]] = 1
    shared: Matrix = cast @ cast.T
    return shared


def beyond_chance(shared: Matrix, popularity: Iterable[int], *, least: int) -> Matrix:
    """The s of each two people, from what they shared and how many votes each paper has."""
    votes = np.fromiter(popularity, dtype=float)
    each = shared.diagonal()
    both = np.outer(each, each)
    chance = both * (votes**2).sum() / max(votes.sum(), 1.0) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.where(shared >= least, (shared - 2 * chance - 1) / np.sqrt(both), 0.0)
    np.fill_diagonal(s, 0.0)
    clipped: Matrix = np.clip(np.nan_to_num(s), 0.0, 1.0)
    return clipped


def independent(s: Matrix) -> float:
    """As how many independent people these voters read."""
    return float((1 / (1 + s.sum(axis=1))).sum())


def busiest_hour(times: Sequence[datetime]) -> int:
    """The most votes within an hour."""
    seconds = np.sort([at.timestamp() for at in times])
    ends = np.searchsorted(seconds, seconds + HOUR.total_seconds(), side="left")
    return int((ends - np.arange(len(seconds))).max(initial=0))


def look(viewer: Viewer, paper: int, *, reason: str, now: datetime) -> Overlaps:
    """Who of those who voted for the paper vote together elsewhere. That somebody looked is a deed.

    Raises NotAllowedError or ReasonError.
    """
    moderator = access.check(viewer, "moderate", now=now)
    with transaction.atomic():
        deeds.log(moderator, LOOK, PAPER, paper, reason=deeds.needed(reason), now=now)
    return _overlaps(paper, now=now)


def bursts(*, now: datetime) -> list[tuple[int, int]]:
    """The papers that got many votes within an hour of the last day, with how many."""
    times: dict[int, list[datetime]] = defaultdict(list)
    for paper, at in Vote.objects.filter(cast_at__gt=now - 24 * HOUR).values_list("paper", "cast_at"):
        times[paper].append(at)
    most = {paper: busiest_hour(those) for paper, those in times.items()}
    least = _settings().burst_votes
    return sorted(
        ((pk, many) for pk, many in most.items() if many >= least), key=lambda one: (-one[1], one[0])
    )


def _overlaps(paper: int, *, now: datetime) -> Overlaps:
    voters = list(Person.objects.filter(votes__paper=paper, left_at=None).distinct().order_by("pk"))
    since = now - timedelta(days=_settings().overlap_days)
    elsewhere = Vote.objects.filter(cast_at__gt=since).exclude(paper=paper)
    popularity = Counter(elsewhere.values_list("paper", flat=True))
    ballots: dict[int, set[int]] = {voter.pk: set() for voter in voters}
    for person, voted in elsewhere.filter(person__in=voters).values_list("person", "paper"):
        ballots[person].add(voted)
    if not voters:
        return Overlaps(0, 0.0, ())
    shared = joint(list(ballots.values()))
    s = beyond_chance(shared, popularity.values(), least=_settings().overlap_papers)
    _spare(s, voters)
    return Overlaps(len(voters), independent(s), tuple(_pairs(voters, shared, s)))


def _pairs(voters: Sequence[Person], shared: Matrix, s: Matrix) -> Iterable[Pair]:
    upper = np.triu(s)
    for place in np.argsort(-upper, axis=None, kind="stable")[:PAIRS_SHOWN]:
        one, other = divmod(int(place), len(voters))
        if upper[one, other] <= 0:
            return
        yield Pair((voters[one], voters[other]), int(shared[one, other]), float(upper[one, other]))


def _spare(s: Matrix, voters: Sequence[Person]) -> None:
    """People who speak for one organization work together: that they like the same papers says nothing."""
    of = _organizations(voters)
    for one, voter in enumerate(voters):
        for other, second in enumerate(voters):
            if of.get(voter.pk, set()) & of.get(second.pk, set()):
                s[one, other] = 0.0


def _organizations(voters: Sequence[Person]) -> Mapping[int, set[str]]:
    claims = Claim.objects.filter(
        person__in=voters, kind=ClaimKind.ORGANIZATION, state=ClaimState.VERIFIED
    ).values_list("person", "slug")
    pages = attributions.pages(ClaimKind.ORGANIZATION, {slug for _, slug in claims})
    of: dict[int, set[str]] = defaultdict(set)
    for person, slug in claims:
        of[person].add(pages[slug])
    return of


def _settings() -> OverlapSettings:
    return configured(OverlapSettings)
