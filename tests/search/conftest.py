"""The nine papers of `shelf` in a data folder of their own, and the ways to index and to find them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Path:
    """A data folder of its own for each test."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def shelf(db) -> list[int]:
    """The nine papers in the catalogue, not indexed yet: their numbers in order."""
    from tests.search.shelf import MORNING, records

    from broadsheet.papers.catalogue import store
    from broadsheet.papers.models import Paper

    store(records(), now=MORNING)
    return list(Paper.objects.order_by("published_at").values_list("pk", flat=True))


@pytest.fixture
def catch_up() -> Callable[[], None]:
    """Index all changes by words, without embedding anything."""
    from broadsheet.search import indexing

    def run() -> None:
        while indexing.catch_up():
            pass

    return run


@pytest.fixture
def bring_up_to_date() -> Callable[[], None]:
    """Index all changes by words and by meaning."""
    from broadsheet.search import indexing

    def run() -> None:
        while indexing.is_work_left():
            if not indexing.catch_up():
                indexing.embed_due()

    return run


@pytest.fixture
def titles() -> Callable[[str], list[str]]:
    """The titles of the papers that are found for a query, best first."""
    from broadsheet.papers.models import Paper
    from broadsheet.search import finding

    def find(query: str) -> list[str]:
        found = [hit.paper_pk for hit in finding.find(query, limit=20).hits]
        names = dict(Paper.objects.filter(pk__in=found).values_list("pk", "title"))
        return [names[pk] for pk in found]

    return find
