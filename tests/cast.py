"""One paper as three sources tell of it: the cast that tests about merging and storing share."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, OrganizationName, Record, Signal

MORNING = datetime(2025, 3, 4, tzinfo=UTC)
ABSTRACT = "We bound the loss of wide networks by $O(n^2)$ and show that training blows up beyond it."
STRIPPED = "We bound the loss of wide networks by O(n^2) and show that training blows up beyond it."

ARXIV = Record(
    source="arxiv",
    key="2503.00001",
    title=r"Sharp $\ell_1$ Bounds for Wide Networks",
    abstract=ABSTRACT,
    authors=(AuthorName("Ada van der Berg", "van der Berg", "Ada"), AuthorName("Bo Li", "Li", "Bo")),
    identifiers=(Identifier("arxiv", "2503.00001"),),
    published_at=MORNING,
    categories=("cs.LG",),
)
HUGGING_FACE = Record(
    source="huggingface",
    key="2503.00001@2025-03-05",
    title="Sharp ell_1 Bounds for Wide Networks",
    abstract=STRIPPED,
    authors=(AuthorName("Ada van der Berg"),),
    identifiers=(Identifier("arxiv", "2503.00001"),),
    organizations=(OrganizationName("northlab", "North Lab"),),
    published_at=MORNING,
    signals=(Signal("upvotes", 7),),
    observed_at=MORNING,
)
SAVED_PAGE = Record(
    source="saved_page",
    key="0123456789ab",
    title="Sharp ell_1 Bounds for Wide Networks",
    abstract=STRIPPED,
    author_count=2,
    published_at=MORNING,
)
