"""What people of this site did with papers, in numbers that never join those from elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from broadsheet.community import counting
from broadsheet.papers.models import Tally


@dataclass(frozen=True, slots=True)
class Here:
    """The `votes` cast on this site and how many of them are `counted`; those of programs (`by_agents`) and
    of the paper's authors are not. The `comments` here, and how many people wrote them (`talkers`).
    """

    votes: int = 0
    counted: int = 0
    by_agents: int = 0
    by_authors: int = 0
    comments: int = 0
    talkers: int = 0


def of_papers(papers: Collection[int]) -> dict[int, Here]:
    """The numbers of each paper, by its key, in one query."""
    rows = Tally.objects.filter(paper__in=papers).values_list("paper_id", *counting.COLUMNS)
    return dict.fromkeys(papers, Here()) | {pk: Here(*numbers) for pk, *numbers in rows}
