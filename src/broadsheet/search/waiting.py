"""What keeps papers from being found by words just now: an index that is missing, or is being filled."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.papers.models import Change, Paper
from broadsheet.papers.tables import has_rows
from broadsheet.search.word_index.lexical import WordIndex, WordIndexError

WITHOUT_WORDS = "The word index is missing or damaged and will be built anew; words are not searched."


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many papers there are, and how many of them are indexed: None where no index can be read."""

    papers: int
    indexed: int | None

    @property
    def note(self) -> str:
        """The same in a sentence for the reader."""
        if self.indexed is None:
            return WITHOUT_WORDS
        return (
            f"The papers are being indexed: {self.indexed:,} of {self.papers:,} can be found by words so far."
        )


def waiting(words: WordIndex) -> Waiting | None:
    """How far the index is; None where it has all papers.

    The papers are counted only while some wait: to count them takes longer than to search them.
    """
    indexed: int | None
    try:
        indexed = words.count()
    except WordIndexError:
        indexed = None if words.was_begun() else 0
    if indexed and not has_rows(Change):
        return None
    papers = Paper.objects.count()
    return Waiting(papers, indexed) if papers > (indexed or 0) else None
