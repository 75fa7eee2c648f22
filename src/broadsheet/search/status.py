"""The state of the index, for the operator and the status page."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.papers.models import Change, Paper
from broadsheet.search import folder
from broadsheet.search.models import EmbeddingDue
from broadsheet.search.vectors import vectors_of
from broadsheet.search.word_index.lexical import WordIndexError, word_index


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index is.

    `words` is None where there is no readable word index; `current` is the name of the one in use, "" where
    CURRENT names none. `dead` are records of embeddings that are of no use any more. `preparing` is the
    model that will take over when all papers are embedded with it, "" if there is none, and `prepared` how
    many are. The bytes are those on disk.
    """

    papers: int
    words: int | None
    current: str
    changes: int
    embedded: int
    due: int
    dead: int
    model: str
    model_identity: str
    preparing: str
    preparing_identity: str
    prepared: int
    bytes_words: int
    bytes_vectors: int
    bytes: int

    @property
    def coverage(self) -> float:
        """The part of the papers, from 0 to 1, that can be found by meaning."""
        return self._part(self.embedded)

    @property
    def preparation(self) -> float:
        """The part of the papers, from 0 to 1, that is embedded with the model being prepared."""
        return self._part(self.prepared)

    def _part(self, papers: int) -> float:
        return min(1.0, papers / self.papers) if self.papers else 1.0


def read(*, papers: int | None = None) -> IndexStatus:
    """The state of the index now; `papers` is how many there are, where the caller has counted them."""
    root = folder.index_folder()
    model, coming = folder.model_in_use(root), folder.model_prepared(root)
    try:
        words = word_index(root).count()
    except WordIndexError:
        words = None
    current = folder.answering(root)
    embedded = vectors_of(root, model)
    return IndexStatus(
        papers=Paper.objects.count() if papers is None else papers,
        words=words,
        current=current.name if current else "",
        changes=Change.objects.count(),
        embedded=embedded.count(),
        due=EmbeddingDue.objects.count(),
        dead=embedded.dead(),
        model=model.name,
        model_identity=model.identity,
        preparing=coming.name if coming else "",
        preparing_identity=coming.identity if coming else "",
        prepared=vectors_of(root, coming).count() if coming else 0,
        bytes_words=folder.size(root, "words-*/**/*"),
        bytes_vectors=folder.size(root, "vectors-*"),
        bytes=folder.size(root, "**/*"),
    )
