"""Whatever sources say and people decide, one after the other: it ends where all of it leads at once."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.papers.test_any_order import (
    ACL,
    ARXIV,
    DOIS,
    LOOSE,
    NOW,
    STRONG,
    Catalogue,
    catalogue,
    check,
    made_of,
)

from broadsheet.papers import verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.checking import problems
from broadsheet.papers.models import Paper, PaperIdentifier, SourceRecord, Verdict
from broadsheet.papers.naming import LOCAL
from broadsheet.papers.rebuilding import redecided
from broadsheet.papers.record import AuthorName, Record, Version

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NAMES = [*ARXIV, *DOIS, *ACL]
STEPS = 12


class Walk:
    """Records that come and are revised, verdicts that are given and taken back, in an order of chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = NOW
        self.coming = [self.record(number) for number in range(self.random.randint(3, 7))]
        self.told: list[Record] = []

    def record(self, number: int) -> Record:
        chance = self.random
        author = chance.choice(["Ada Vale", "Bo Fisk", ""])
        return Record(
            source=chance.choice(STRONG + LOOSE),
            key=f"k{number}",
            title=chance.choice(["On tides", "On kites", "Overview"]),
            abstract=chance.choice(["", "We watch the sea for a year and count its waves."]),
            authors=(AuthorName(author),) if author else (),
            identifiers=tuple(chance.sample(NAMES, chance.choice([0, 0, 1, 1, 1, 2, 2, 3]))),
            published_at=NOW.replace(year=chance.choice([2019, 2020, 2021, 2022])),
            versions=(Version(1),),
            observed_at=NOW,
        )

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def go(self) -> None:
        steps: list[Callable[[], None]] = [self.come, self.come, self.join, self.split, self.undo]
        taken = 0
        while self.coming or taken < STEPS:
            # A verdict about what is not there, or is one already, is refused.
            with contextlib.suppress(verdicts.VerdictError):
                self.random.choice(steps)()
            taken += 1
            check()
            assert list(problems(now=self.now)) == []
            assert list(redecided(now=self.now, apply=False)) == []

    def come(self) -> None:
        self.random.shuffle(self.coming)
        count = self.random.randint(1, 3)
        batch, self.coming = self.coming[:count], self.coming[count:]
        store(batch, now=self.tick())
        self.told += batch
        if batch and self.random.random() < 1 / 3:
            names = tuple(self.random.sample(NAMES, self.random.choice([0, 1, 2])))
            revised = replace(batch[0], identifiers=names, versions=(Version(2),), observed_at=self.tick())
            self.coming.append(revised)

    def join(self) -> None:
        names = sorted(map(str, PaperIdentifier.objects.exclude(scheme=LOCAL)))
        if len(names) > 1:
            verdicts.join(*self.random.sample(names, 2), by="Mira", because="", now=self.tick())

    def split(self) -> None:
        if not Paper.objects.exists():
            return
        paper = self.random.choice(list(Paper.objects.order_by("pk")))
        records = SourceRecord.objects.filter(paper=paper).order_by("pk")
        names = PaperIdentifier.objects.filter(paper=paper).exclude(scheme=LOCAL).order_by("pk")
        parts = [*(f"{one.source}:{one.key}" for one in records), *map(str, names)]
        if len(parts) > 1:
            some = self.random.sample(parts, self.random.randint(1, min(2, len(parts) - 1)))
            verdicts.split(paper.public_id, some, by="Mira", because="", now=self.tick())

    def undo(self) -> None:
        given = list(Verdict.objects.filter(withdrawn_at=None).order_by("pk"))
        if given:
            one = self.random.choice(given)
            left, right = (side.removeprefix("record:") for side in (one.left, one.right))
            verdicts.undo(left, right, same=one.same, now=self.tick())


def without_names_of_ours(found: Catalogue) -> set[object]:
    """What a paper without an identifier is called goes by who came first."""
    return {("" if name.startswith(LOCAL) else name, paper) for name, paper in found.items()}


@pytest.mark.parametrize("seed", range(40))
def test_a_walk_ends_where_all_that_holds_leads_at_once(seed: int) -> None:
    walk = Walk(seed)
    holding: list[tuple[str, str, bool]] = []
    walked: Catalogue = {}
    with transaction.atomic():
        walk.go()
        walked = catalogue()
        holding = list(
            Verdict.objects.filter(withdrawn_at=None).order_by("pk").values_list("left", "right", "same")
        )
        transaction.set_rollback(True)
    at_once = made_of([walk.told], holding)
    assert without_names_of_ours(walked) == without_names_of_ours(at_once)
