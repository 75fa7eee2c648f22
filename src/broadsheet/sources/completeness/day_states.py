"""What is known about a source's day: whether all that it announced is here, and if not, why not.

Decided from what was seen and counted alone. A day on which nothing is announced, a source that could not
be asked, a list that was cut and a list that nobody read are different things, and are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from broadsheet.sources.live.arxiv.calendar import ListDay
from broadsheet.sources.live.source import Look, Outcome

SATURDAY = 5


class DayState(StrEnum):
    """How complete a day is."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    PARTIAL = "partial"
    QUIET = "quiet"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DOWN = "down"
    PENDING = "pending"
    UNSEEN = "unseen"


# What asking again may mend.
GAPS = frozenset({DayState.INCOMPLETE, DayState.PARTIAL, DayState.DOWN, DayState.UNSEEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """A family's day in numbers. `late` of the received came after the day was over.

    `missing_ids` and `unannounced_ids` are some of those papers, to look at: announced and not received;
    in the catalogue and on no list. `is_gap` says that it is worth asking again.
    """

    family: str
    day: date
    state: DayState
    expected: int = 0
    received: int = 0
    late: int = 0
    refused: int = 0
    unannounced: int = 0
    is_gap: bool = False
    missing_ids: tuple[str, ...] = ()
    unannounced_ids: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many papers were announced and are not here."""
        return self.expected - self.received


def day_state(
    looks: Sequence[Look], *, listing: ListDay, expected: int, received: int, is_due: bool
) -> DayState:
    """The state of a day.

    `looks` are the last ones at each of its lists, the oldest first; `listing` is what the calendar says of
    the day; `is_due` says that its lists can be read by now.
    """
    looks = standing(looks)
    if not expected and not any(look.items for look in looks):
        return _empty_state(looks, listing, is_due=is_due)
    outcomes = {look.outcome for look in looks}
    if Outcome.DOWN in outcomes:
        return DayState.DOWN
    if Outcome.PARTIAL in outcomes:
        return DayState.PARTIAL
    return DayState.COMPLETE if received >= expected else DayState.INCOMPLETE


def _empty_state(looks: Sequence[Look], listing: ListDay, *, is_due: bool) -> DayState:
    """Why nothing is known to belong to the day."""
    if listing is not ListDay.EXPECTED:
        return DayState(listing.value)
    outcomes = {look.outcome for look in looks}
    if Outcome.DOWN in outcomes:
        return DayState.DOWN
    if not is_due:
        return DayState.PENDING
    if Outcome.PARTIAL in outcomes:
        return DayState.PARTIAL
    if not looks:
        return DayState.UNSEEN
    # Some sources may have something on a weekend, and mostly have not.
    return DayState.WEEKEND if looks[0].day.weekday() >= SATURDAY else DayState.QUIET


def standing(looks: Sequence[Look]) -> list[Look]:
    """Without the looks that a later one makes up for: one that saw all the lists of the day."""
    whole = [place for place, look in enumerate(looks) if not look.scope and look.outcome is Outcome.SEEN]
    return list(looks[whole[-1] :] if whole else looks)


def sentence(summary: DaySummary, *, when: str) -> str:
    """The day in a sentence; `when` is how it is called there, such as `on Friday`."""
    return _SENTENCES[summary.state].format(
        papers="the one paper" if summary.expected == 1 else f"all {summary.expected:,} papers",
        are="is" if summary.expected == 1 else "are",
        missing=f"{summary.missing:,} of {summary.expected:,} papers",
        are_missing="is" if summary.missing == 1 else "are",
        they="it is" if summary.missing == 1 else "they are",
        why=": " + summary.reasons[0] if summary.reasons else "",
        when=when,
    )


_SENTENCES = {
    DayState.COMPLETE: "Complete: {papers} announced {when} {are} here.",
    DayState.INCOMPLETE: (
        "{missing} announced {when} {are_missing} missing; {they} asked for again with the next run."
    ),
    DayState.PARTIAL: "What was announced {when} is not known as a whole{why}.",
    DayState.QUIET: "Quiet: the list was read, and nothing was announced {when}.",
    DayState.WEEKEND: "A weekend: nothing was announced {when}.",
    DayState.HOLIDAY: "A holiday: nothing is announced {when}.",
    DayState.DOWN: "What was announced {when} could not be asked for{why}.",
    DayState.PENDING: "What is announced {when} is not out yet.",
    DayState.UNSEEN: "Nobody has read what was announced {when}.",
}
