"""What the index holds of a paper, read from the catalogue in bulk."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from broadsheet.papers.models import Affiliation, Authorship, Paper
from broadsheet.papers.text import plain

# Databases bound the number of values in one query; below it, larger is only a little faster.
PAPERS_A_QUERY = 900


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as it is indexed; texts are the originals, `names` those of its authors and organizations."""

    paper: int
    title: str
    abstract: str
    names: tuple[str, ...] = ()

    def digest(self) -> bytes:
        """16 bytes that change when what the paper means may have changed."""
        return hashlib.blake2b(f"{self.title}\0{self.abstract}".encode(), digest_size=16).digest()

    def meaning(self) -> str:
        """The text that is embedded."""
        return f"{plain(self.title)} {plain(self.abstract)}".strip()


def read(papers: Sequence[int]) -> Iterator[Document]:
    """Those of the papers that exist."""
    for start in range(0, len(papers), PAPERS_A_QUERY):
        numbers = papers[start : start + PAPERS_A_QUERY]
        names: dict[int, list[str]] = defaultdict(list)
        for paper, name in Authorship.objects.filter(paper__in=numbers).values_list("paper_id", "name"):
            names[paper].append(name)
        affiliations = Affiliation.objects.filter(paper__in=numbers)
        for paper, name in affiliations.values_list("paper_id", "organization__name"):
            names[paper].append(name)
        for paper, title, abstract in Paper.objects.filter(pk__in=numbers).values_list(
            "pk", "title", "abstract"
        ):
            yield Document(paper, title, abstract, tuple(names[paper]))
