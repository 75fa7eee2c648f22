"""Papers that a person wants to see in no list: "not for me", set and ended, never toggled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from broadsheet.accounts.access import Viewer
from broadsheet.library import acting
from broadsheet.library.models import Hidden
from broadsheet.library.parts import HiddenPart, Own


def hide(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Collection[int]:
    """Leave the paper out of all lists of the viewer; it is kept no more. Raises NotAllowedError and
    GoneError.
    """
    return hide_all(viewer, {paper: named}, now=now)


def hide_all(viewer: Viewer, papers: Mapping[int, str], *, now: datetime) -> Collection[int]:
    """Leave these papers out, each with the name that the viewer acts on: those that changed."""

    def change(named: str, own: Own) -> Own:
        return Own(hidden=own.hidden or (HiddenPart(named, now),))

    return acting.act(viewer, "hide", papers, change, now=now)


def show(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Collection[int]:
    """Have the paper in lists again. Raises NotAllowedError and GoneError."""
    return show_all(viewer, {paper: named}, now=now)


def show_all(viewer: Viewer, papers: Mapping[int, str], *, now: datetime) -> Collection[int]:
    """Have these papers in lists again: those that changed."""
    return acting.act(viewer, "show", papers, lambda _, own: replace(own, hidden=()), now=now)


def hidden_among(person: int, papers: Collection[int]) -> set[int]:
    """Those of the papers that the person hides."""
    rows = Hidden.objects.filter(person=person, paper__pk__among=papers)
    return {*rows.values_list("paper", flat=True)}
