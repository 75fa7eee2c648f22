"""The formulas of every ranking, and their constants. Pure: `/about/ranking` says the same in words.

`counted` are votes here that count, `upvotes` and `stars` what was counted elsewhere, `talkers` the people
who wrote comments here. A paper is as old as the first day that it was listed on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# A change of any constant or formula makes a new version; CHANGES says what changed, the newest first.
VERSION = 1
# So much of a vote here is an upvote elsewhere worth.
ELSEWHERE = 0.25
# Stars of the code count as upvotes elsewhere, up to as many as there are of those.
STARS = 0.3
# So many people who comment are worth one vote; all of them together at most so much of the votes there are.
TALKERS_A_VOTE, MOST_BY_TALK = 4, 0.5
# Twice the interest is worth so many hours, by the time over which something trends.
HOURS = {"day": 24, "week": 72, "month": 240}
# A paper leaves a trend when it would take a thousand times (2 to the tenth) the interest to hold its place.
DOUBLINGS = 10
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Change:
    """What a version of the formulas changed, and since when."""

    version: int
    day: date
    words: str


CHANGES = (
    Change(
        1,
        date(2026, 11, 30),
        "Votes of people here count; numbers from elsewhere count a quarter of that. Age counts from the"
        " first day on a list, no longer from the last. Comments elsewhere count no more.",
    ),
)


def elsewhere(upvotes: int, stars: int) -> float:
    """How much people elsewhere care: their upvotes, and stars of the code up to as many."""
    upvotes = max(upvotes, 0)
    return upvotes + min(upvotes, STARS * max(stars, 0))


def interest(counted: int, elsewhere: float, talkers: int) -> float:
    """How much people care: votes here, a part of what is counted elsewhere, and people who talk about it
    up to half as much as there are votes, since a quarrel alone must not lift a paper.
    """
    return counted + ELSEWHERE * elsewhere + min(MOST_BY_TALK * counted, talkers / TALKERS_A_VOTE)


def heat(interest: float, first: date, over: str) -> float | None:
    """What a trend over a `day`, a `week` or a `month` is sorted by, the highest first; None for what
    nobody cares about. The score as of any moment differs from it by the same for all papers.
    """
    if interest <= 0:
        return None
    return math.log2(1 + interest) + first.toordinal() * HOURS_A_DAY / HOURS[over]


def score(interest: float, hours: float, over: str) -> float:
    """How much a paper trends so many hours after it was first listed."""
    return math.log2(1 + interest) - hours / HOURS[over]


def window(over: str) -> int:
    """How many days, today among them, a paper may trend for."""
    return HOURS[over] * DOUBLINGS // HOURS_A_DAY


def talk(comments: Iterable[int]) -> float:
    """How much a paper is discussed, of how many comments each person wrote: the second half of a quarrel
    weighs less than the first, and a person more than comments.
    """
    return sum(1 + math.log2(one) for one in comments if one > 0)
