"""A catalogue of an earlier release has all that this one needs, once its tables are brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from broadsheet.daily import editions, periods
from broadsheet.papers import changes
from broadsheet.papers.models import Paper

LATE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


def migrate(name: str | None = None):
    """The models as they were after the migration of that name; None is the last."""
    executor = MigrationExecutor(connection)
    targets = [("papers", name)] if name else executor.loader.graph.leaf_nodes("papers")
    return executor.migrate(targets).apps


@pytest.fixture
def first_release(transactional_db) -> Iterator:
    yield migrate("0001_catalogue")
    migrate()


def test_papers_of_the_first_release_get_their_days(first_release):
    old = first_release.get_model("papers", "Paper")
    for name, published_at in (("listed", LATE), ("dated", LATE), ("undated", None)):
        paper = old.objects.create(
            public_id=name, title=name, published_at=published_at, added_at=LATE, revised_at=LATE
        )
        if name == "listed":
            first_release.get_model("papers", "PaperListing").objects.create(
                paper=paper, source="huggingface", day=date(2026, 11, 22), position=1
            )
    migrate()
    days = {paper.public_id: (paper.day, paper.listed) for paper in Paper.objects.all()}
    assert days == {"listed": (LATE.date(), True), "dated": (LATE.date(), False), "undated": (None, False)}
    assert editions.edition(periods.day(LATE.date())).total == 1
    assert editions.edition(periods.day(date(2026, 11, 22))).curated == 1
    assert not Paper.objects.filter(retracted=True).exists()


def test_papers_of_an_earlier_release_are_read_from_the_beginning_of_the_changes(first_release):
    first_release.get_model("papers", "Revision").objects.update_or_create(pk=1, defaults={"number": 7})
    first_release.get_model("papers", "Paper").objects.create(
        public_id="old", title="old", added_at=LATE, revised_at=LATE
    )
    migrate()
    (change,) = changes.since(changes.Cursor(0), limit=2).items
    assert (change.public_id, change.number) == ("old", 7)
