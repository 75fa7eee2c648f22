"""Papers and authors as earlier releases stored them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from broadsheet.papers.names import name_slug

LATE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
# Names as they are printed, and the slugs that releases before gave them.
OLD_SLUGS = {
    "Łucja Vale": "ucja-vale",
    "ŁUCJA VALE": "ucja-vale",
    "И. Vale": "vale",
    "Γ. Vale": "vale",
    "Ø. Strand": "strand",
    "Strand": "strand",
    "김철수": "\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e",
    "Ada Vale": "ada-vale",
}


def fill(models: Any, papers: list[list[str]]) -> None:
    """Papers with authors as earlier releases stored them."""
    author, authorship = models.get_model("papers", "Author"), models.get_model("papers", "Authorship")
    for number, names in enumerate(papers, start=1):
        paper = models.get_model("papers", "Paper").objects.create(
            public_id=str(number), title="t", author_count=len(names), added_at=LATE, revised_at=LATE
        )
        for position, name in enumerate(names, start=1):
            slug = OLD_SLUGS.get(name) or name_slug(name)
            author.objects.get_or_create(slug=slug, defaults={"name": name})
            authorship.objects.create(paper=paper, author_id=slug, position=position, name=name)
