"""All that is stored decided anew: after better rules, or to see whether everything is as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.papers import neighbours
from broadsheet.papers.catalogue import decide_anew
from broadsheet.papers.models import Paper
from broadsheet.papers.planning import Unit, plan

# So many papers are read at once, with all that they may concern.
PORTION = 200


@dataclass(frozen=True, slots=True)
class Redecided:
    """Papers, by public id, whose records are other papers by the rules of now: these are the `papers`,
    each with its records. Where the records stay together, only the names of the papers differ.
    """

    before: tuple[str, ...]
    papers: tuple[tuple[str, tuple[str, ...]], ...]
    is_split: bool
    is_joined: bool


def redecided(*, now: datetime, apply: bool) -> Iterator[Redecided]:
    """What is decided otherwise now, a portion of the catalogue at a time; with `apply` it is written, too.

    What was written stays if this is interrupted; it may be begun again at any time.
    """
    last = 0
    rows = Paper.objects.order_by("pk").values_list("pk", flat=True)
    while portion := list(rows.filter(pk__gt=last)[:PORTION]):
        for unit in _units(portion, now=now):
            first = min(paper.pk for paper in unit.known)
            # A question that reaches over several portions is told of once, in that of its first paper.
            if unit.papers and last < first <= portion[-1]:
                yield _told(unit)
                if apply:
                    with transaction.atomic():
                        decide_anew([paper.pk for paper in unit.known], now=now)
        last = portion[-1]


def _units(portion: Sequence[int], *, now: datetime) -> tuple[Unit, ...]:
    found = neighbours.around([], {}, portion)
    return plan([], [*found.papers.values()], found.latest_rulings(), titles=found.titles, now=now).units


def _told(unit: Unit) -> Redecided:
    papers = tuple(
        (paper.public_id, tuple(":".join(held.key) for held in paper.made_of.held)) for paper in unit.papers
    )
    return Redecided(
        before=tuple(paper.public_id for paper in unit.known),
        papers=papers,
        is_split=any(paper.pk is None for paper in unit.papers),
        is_joined=any(paper.absorbed for paper in unit.papers),
    )
