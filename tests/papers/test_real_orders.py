"""Real records of three sources make the same papers in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from tests.papers.test_any_order import made_of

from broadsheet.papers.record import Record
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.formats import reader, recognise

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OF_A_SOURCE, ORDERS, LARGEST_BATCH = 100, 50, 60


def of_file(path: Path) -> Iterator[Record]:
    with open_source(path, now=NOW) as source:
        readings = reader(recognise(source.head), page_year=None)(source)
        yield from (reading for reading in readings if isinstance(reading, Record))


@pytest.fixture
def records(shared: Path) -> list[Record]:
    """Papers on the lists of Hugging Face, those of arXiv among them and others, and some of the Anthology."""
    listed = [one for path in sorted((shared / "data" / "hf_daily").iterdir())[:9] for one in of_file(path)]
    listed = listed[:OF_A_SOURCE]
    wanted = {name for one in listed for name in one.identifiers}
    of_arxiv = list(of_file(shared / "data" / "arxiv-metadata-oai-snapshot.json.gz"))
    same = [one for one in of_arxiv if not wanted.isdisjoint(one.identifiers)][: OF_A_SOURCE // 2]
    others = [one for one in of_arxiv if wanted.isdisjoint(one.identifiers)]
    printed = (one for path in sorted((shared / "data" / "acl").iterdir())[-3:] for one in of_file(path))
    return [*listed, *same, *others[: OF_A_SOURCE - len(same)], *islice(printed, OF_A_SOURCE)]


def test_300_real_records_in_50_orders_are_one_catalogue(records: list[Record]) -> None:
    assert len(records) >= 2 * OF_A_SOURCE
    assert len({one.source for one in records}) == 3
    expected = made_of([records])
    chance = random.Random(11)
    for _ in range(ORDERS):
        order, batches = chance.sample(records, len(records)), []
        while order:
            size = chance.randint(1, LARGEST_BATCH)
            batches.append(order[:size])
            order = order[size:]
        assert made_of(batches) == expected
