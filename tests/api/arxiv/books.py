"""The shelf's papers, with more said of some, and two that arXiv's API has no place for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.search.shelf import MORNING, TEXTS, record

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record, Version

MORE: dict[int, dict[str, Any]] = {
    1: {"categories": ("cs.LG", "stat.ML"), "comment": "Accepted at NeurIPS 2025"},
    2: {"categories": ("math.ST",), "journal_ref": "Phys. Rev. Lett. 12 (2026) 3"},
    3: {"categories": ("cs.IT", "math.IT")},
    5: {"identifiers": (Identifier("arxiv", "2603.00005"), Identifier("doi", "10.1000/pitfalls"))},
    6: {"identifiers": (Identifier("arxiv", "hep-th/9901001"),)},
    8: {
        "versions": (
            Version(1, MORNING + timedelta(days=8)),
            Version(2, MORNING + timedelta(days=9)),
            Version(3, MORNING + timedelta(days=10, hours=5)),
        ),
        "published_at": MORNING + timedelta(days=8),
        "updated_at": MORNING + timedelta(days=10, hours=5),
    },
}


def books() -> list[Record]:
    """The shelf's papers with more said of some, one that is not on arXiv, and one without a date."""
    papers = [
        replace(record(number, *texts), **MORE.get(number, {})) for number, texts in enumerate(TEXTS, start=1)
    ]
    elsewhere = replace(
        record(20, "Soup Elsewhere", "soup"), identifiers=(Identifier("doi", "10.1000/soup"),)
    )
    return [*papers, elsewhere, replace(record(21, "Timeless Soup", "soup"), published_at=None)]
