"""What the page of an edition says to its reader alone: how far they are, and which parts of it are theirs.

A hole is known by what it says, the period, and what of it was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote, unquote

from markupsafe import escape

from broadsheet.accounts.access import Viewer
from broadsheet.daily import contents, periods
from broadsheet.daily.wording import counted
from broadsheet.http.holes import Key
from broadsheet.library.marks import Mark
from broadsheet.web.choosing import Asked
from broadsheet.web.wording import number

PROGRESS, PARTS, KEPT = "progress", "parts", "kept-of"
HOLES = (PROGRESS, PARTS, KEPT)


def key(says: str, asked: Asked) -> str:
    """The name of the hole that says it of what is asked for."""
    period = asked.period
    return " ".join((says, period.kind, period.name, quote(asked.only), quote(asked.sort)))


def is_one(key: Key) -> bool:
    """Whether it is the name of such a hole."""
    return isinstance(key, str) and key.partition(" ")[0] in HOLES


def papers(keys: Sequence[Key]) -> tuple[int, ...]:
    """The papers of the edition of these holes: what they are to the reader is to be known."""
    return contents.of_period(_asked(keys[0]).period).papers if keys else ()


def of(
    keys: Sequence[Key], viewer: Viewer, every: Collection[int], mine: Mapping[int, Mark]
) -> dict[Key, str]:
    """What fills the holes of an edition that has these papers, as HTML; nothing for nobody."""
    return {key: _said(str(key), viewer, every, mine) for key in keys}


def _said(key: str, viewer: Viewer, every: Collection[int], mine: Mapping[int, Mark]) -> str:
    asked = _asked(key)
    marks = [mine[paper] for paper in every if paper in mine]
    seen, saved = sum(mark.is_seen for mark in marks), sum(bool(mark.state) for mark in marks)
    match key.partition(" ")[0]:
        case "progress":
            return f"{number(seen)} of {number(len(every))} seen · {number(saved)} saved" if every else ""
        case "kept-of":
            return f", {number(saved)} kept" if every else ""
    offered = {
        contents.NEW: ("New to me", len(every) - seen),
        contents.TOPICS: ("My topics", len(contents.in_topics(viewer, every))),
    }
    return "".join(_part(asked, name, *offered[name]) for name in offered if every)


def _part(asked: Asked, name: str, label: str, count: int) -> str:
    choice = asked.part(name, label, count)
    current = ' aria-current="true"' if choice.chosen else ""
    unseen = f'<span class="unseen">, {counted(count, "paper")}</span>'
    return (
        f'<li><a href="{escape(choice.address)}" rel="nofollow"{current}>{label} '
        f'<span class="number" aria-hidden="true">{number(count)}</span>{unseen}</a></li>'
    )


def _asked(key: Key) -> Asked:
    _, kind, name, only, sort = str(key).split(" ")
    period = periods.parse_period(kind, name)
    if period is None:
        raise ValueError(f"No page has a hole of this name: {key}")
    return Asked(period, unquote(only), unquote(sort))
