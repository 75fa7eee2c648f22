"""A vote as an act of a reader: it counts, the paper is seen by it, and it can be undone."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from broadsheet.accounts.access import Viewer
from broadsheet.community import voting
from broadsheet.community.voting import Standing
from broadsheet.library import acting, seeing, undoing

WAY = "vote"


def cast(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Standing:
    """Let the viewer's vote for the paper stand. Raises what `voting.cast` does."""
    had = voting.standing(viewer, [paper])
    standing = voting.cast(viewer, paper, named, now=now)
    if not had:
        _remember(viewer, "vote", paper, named, now=now)
    return standing


def withdraw(viewer: Viewer, paper: int, named: str, *, now: datetime) -> Standing:
    """Let it stand no more. Raises what `voting.withdraw` does."""
    had = voting.standing(viewer, [paper])
    standing = voting.withdraw(viewer, paper, now=now)
    if had:
        _remember(viewer, "unvote", paper, named, now=now)
    return standing


def _remember(viewer: Viewer, verb: str, paper: int, named: str, *, now: datetime) -> None:
    with transaction.atomic():
        seen = seeing.by_act(viewer, seeing.hold(viewer.pk or 0), [paper])
        undoing.remember(viewer, verb, [named, verb == "vote", seen.come, seen.gone], way=WAY, now=now)


def _undo(viewer: Viewer, before: list[Any], now: datetime) -> Collection[int]:
    named, is_cast, come, gone = before
    seeing.take_back(seeing.hold(viewer.pk or 0), seeing.Change(come, gone))
    paper = acting.of_names([named]).get(named)
    if paper is None:
        return []
    if is_cast:
        voting.withdraw(viewer, paper, now=now)
        return [paper]
    # A paper that was taken back since has no votes any more; what was done before is undone all the same.
    with suppress(voting.NoVoteError):
        voting.cast(viewer, paper, named, now=now)
    return [paper]


undoing.ways[WAY] = _undo
