"""Papers that a person keeps, each in a state that they set by hand: opening a paper changes nothing.

To save a paper ends that it is hidden, and to hide it ends that it is saved; undoing gives either back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from broadsheet.accounts.access import Viewer
from broadsheet.library import acting
from broadsheet.library.models import Saved, State
from broadsheet.library.parts import Own, Part

# So many papers a person may keep.
MOST = 100_000


class SavingError(ValueError):
    """It cannot be saved so; the message says why."""


def save(viewer: Viewer, paper: int, named: str, *, now: datetime, state: str = "") -> Collection[int]:
    """Keep a paper, to be read unless a state is given; one that is kept already takes the state, if given.

    Raises NotAllowedError, SavingError and GoneError.
    """
    return save_all(viewer, {paper: named}, now=now, state=state)


def save_all(viewer: Viewer, papers: Mapping[int, str], *, now: datetime, state: str = "") -> Collection[int]:
    """Keep papers, each with the name that the viewer acts on: those that changed. Raises as `save`."""
    known(state or State.TO_READ)
    has_room(viewer, papers)

    def change(named: str, own: Own) -> Own:
        return Own(kept(own, named, state=state, via=viewer.via, now=now).saved)

    return acting.act(viewer, "save", papers, change, now=now)


def unsave(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Collection[int]:
    """Keep the paper no more, with its tags; notes stay. Raises NotAllowedError and GoneError."""
    return unsave_all(viewer, {paper: named}, now=now)


def unsave_all(viewer: Viewer, papers: Mapping[int, str], *, now: datetime) -> Collection[int]:
    """Keep these papers no more: those that changed. Raises NotAllowedError and GoneError."""
    return acting.act(viewer, "unsave", papers, lambda _, own: replace(own, saved=()), now=now)


def change(viewer: Viewer, papers: Mapping[int, str], state: str, *, now: datetime) -> Collection[int]:
    """Set the state of those of the papers that are kept: those that changed.

    Raises NotAllowedError, SavingError and GoneError.
    """
    known(state)
    return acting.act(viewer, "state", papers, lambda _, own: in_state(own, state), now=now)


def kept(own: Own, named: str, *, now: datetime, state: str = "", via: str = "web") -> Own:
    """What a person has of a paper once it is saved. Pure."""
    if not own.saved:
        return replace(own, saved=(Part(named, state or State.TO_READ, now, via),))
    return in_state(own, state) if state else own


def in_state(own: Own, state: str) -> Own:
    """What a person has of a paper in that state, if they keep it. Pure."""
    return replace(own, saved=tuple(replace(part, state=state) for part in own.saved))


def known(state: str) -> None:
    """Raises SavingError where it is no state."""
    if state not in State.values:
        raise SavingError(f"A paper is one of {', '.join(State.values)}.")


def has_room(viewer: Viewer, papers: Collection[int]) -> None:
    """Raises SavingError where the viewer may not keep so many papers more."""
    if len(papers) > 1 and Saved.objects.filter(person=viewer.pk).count() + len(papers) > MOST:
        raise SavingError(f"You can keep {MOST:,} papers; take some out first.")
