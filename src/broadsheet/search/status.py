"""The state of the index, for the operator and the status page."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.papers.models import Change, Paper
from broadsheet.search import folder
from broadsheet.search.lexical import WordIndexError, word_index
from broadsheet.search.models import EmbeddingDue
from broadsheet.search.vectors import vectors


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index is. `words` is None where there is no readable word index; `bytes` are on disk."""

    papers: int
    words: int | None
    changes: int
    embedded: int
    due: int
    model: str
    model_identity: str
    bytes: int

    @property
    def coverage(self) -> float:
        """The part of the papers, from 0 to 1, that can be found by meaning."""
        return min(1.0, self.embedded / self.papers) if self.papers else 1.0


def read() -> IndexStatus:
    """The state of the index now."""
    root = folder.index_folder()
    model = folder.model_in_use(root)
    try:
        words = word_index(root).count()
    except WordIndexError:
        words = None
    return IndexStatus(
        papers=Paper.objects.count(),
        words=words,
        changes=Change.objects.count(),
        embedded=vectors(folder.vectors_file(root, model.identity), model.dimension).count(),
        due=EmbeddingDue.objects.count(),
        model=model.name,
        model_identity=model.identity,
        bytes=folder.size(root),
    )
