"""The same records in any order, in any batches, make the same catalogue."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.papers.catalogue import decide, store, write_decided
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import ContestedName, Paper, PaperIdentifier, Verdict
from broadsheet.papers.naming import LOCAL
from broadsheet.papers.record import AuthorName, Record, Version

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)
Catalogue = dict[str, tuple[frozenset[str], frozenset[str]]]

ARXIV = [Identifier("arxiv", f"2401.0000{n}") for n in range(1, 4)]
DOIS = [Identifier("doi", f"10.1000/{n}") for n in range(1, 4)]
ACL = [Identifier("acl", f"2024.acl-main.{n}") for n in range(1, 3)]
STRONG, LOOSE = ("arxiv", "acl", "openreview", "huggingface"), ("openalex", "ris", "bibtex", "saved_page")


class _UndoneError(Exception):
    """Ends the transaction of a catalogue that was only made to be looked at."""


def catalogue() -> Catalogue:
    """Public ids, with the records and the names of each paper.

    Names of ours that a paper is not known by are left out: they lead on from where it was known by them on the
    way, and so may differ with the order.
    """
    papers = {}
    for paper in Paper.objects.prefetch_related("source_records", "identifiers"):
        records = frozenset(f"{one.source}:{one.key}" for one in paper.source_records.all())
        names = (str(one) for one in paper.identifiers.all() if one.scheme != LOCAL)
        papers[paper.public_id] = (records, frozenset(names))
    return papers


def check() -> None:
    """What is always true, whatever came."""
    for paper in Paper.objects.all():
        assert paper.source_records.exists()
        assert paper.identifiers.exists()
    assert not PaperIdentifier.objects.filter(
        pk__in=[
            one.pk
            for contested in ContestedName.objects.all()
            for one in PaperIdentifier.objects.filter(
                scheme=contested.scheme, value=contested.value, paper=contested.paper
            )
        ]
    ).exists()


def made_of(
    batches: Sequence[Sequence[Record]],
    verdicts: Sequence[tuple[str, str, bool]] = (),
    step: Sequence[Record] = (),
) -> Catalogue:
    """The catalogue that these batches make, undone again; the step is decided before them and written last."""
    found: Catalogue = {}
    try:
        with transaction.atomic():
            for left, right, same in verdicts:
                Verdict.objects.create(left=left, right=right, same=same, by="Mira", at=NOW)
            decided = decide(step, now=NOW)
            for batch in batches:
                store(batch, now=NOW)
            store([*write_decided(decided, Counter(), now=NOW), *step], now=NOW)
            check()
            found = catalogue()
            raise _UndoneError  # noqa: TRY301
    except _UndoneError:
        return found


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """Records of a few papers that share identifiers, titles, authors and years in all ways; some again, later."""
    made = []
    for number in range(draw(st.integers(2, 7))):
        source = draw(st.sampled_from(STRONG + LOOSE))
        names = draw(st.lists(st.sampled_from(ARXIV + DOIS + ACL), max_size=3, unique=True))
        author = draw(st.sampled_from(["Ada Vale", "Bo Fisk", ""]))
        record = Record(
            source=source,
            key=f"k{number}",
            title=draw(st.sampled_from(["On tides", "On kites", "Overview"])),
            abstract=draw(st.sampled_from(["", "We watch the sea for a year and count its waves."])),
            authors=(AuthorName(author),) if author else (),
            identifiers=tuple(names),
            published_at=draw(
                st.sampled_from([datetime(year, 1, 1, tzinfo=UTC) for year in (2019, 2020, 2021, 2022)])
            ),
            versions=(Version(1),),
        )
        made.append(record)
        if draw(st.booleans()):
            again = draw(st.lists(st.sampled_from(ARXIV + DOIS + ACL), max_size=2, unique=True))
            made.append(replace(record, identifiers=tuple(again), versions=(Version(2),)))
    return made


@st.composite
def cut(draw: st.DrawFn, of: list[Record]) -> list[list[Record]]:
    """The records in another order and in batches."""
    order = draw(st.permutations(of))
    places = sorted(draw(st.sets(st.integers(1, max(1, len(of) - 1)), max_size=3)))
    bounds = [0, *places, len(of)]
    return [list(order[a:b]) for a, b in itertools.pairwise(bounds) if a < b]


@st.composite
def rulings(draw: st.DrawFn, of: list[Record]) -> list[tuple[str, str, bool]]:
    sides = [f"record:{one.source}:{one.key}" for one in of] + [
        f"{one.scheme}:{one.value}" for one in ARXIV + DOIS
    ]
    pairs = st.tuples(st.sampled_from(sides), st.sampled_from(sides), st.booleans())
    return draw(st.lists(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=3))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_order_and_every_cut_into_batches_makes_one_catalogue(data: st.DataObject) -> None:
    of = data.draw(records())
    first, second = data.draw(cut(of)), data.draw(cut(of))
    assert made_of(first) == made_of(second)


@pytest.mark.thorough
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_step_that_was_decided_before_something_else_was_written_makes_the_same_catalogue(
    data: st.DataObject,
) -> None:
    of = data.draw(records())
    step, *others = data.draw(cut(of))
    assert made_of(others, step=step) == made_of([of])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_verdicts_count_the_same_in_every_order_of_the_records(data: st.DataObject) -> None:
    of = data.draw(records())
    ruled = data.draw(rulings(of))
    first, second = data.draw(cut(of)), data.draw(cut(of))
    assert made_of(first, ruled) == made_of(second, ruled)
