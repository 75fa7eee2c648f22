"""Measuring search on a test set: the engines that answer readers, on an index made of its documents.

evaluations/
  scifact-1f0c3a52/         an index folder for each test set: the words, built anew each time, and
                            the embeddings, which are kept and made only for texts that have none
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from broadsheet.search.documents import Document
from broadsheet.search.embedding_models.embedding import EmbeddingModel
from broadsheet.search.embedding_models.runtimes import all_threads, runtime
from broadsheet.search.engines import Engines
from broadsheet.search.evaluating import measures
from broadsheet.search.evaluating.judged import JudgedSet
from broadsheet.search.evaluating.measures import MEASURES, Estimate
from broadsheet.search.folder import (
    IndexBusyError,
    beside,
    index_folder,
    model_in_use,
    switch,
    vectors_file,
)
from broadsheet.search.query.language import plain
from broadsheet.search.question import Question
from broadsheet.search.vectors import append, forget, vectors_of
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import word_index

ENGINES = ("words", "meaning", "fused")
COMPARED = (("fused", "words"), ("fused", "meaning"))
# Of a folder's name in the name of the index.
LETTERS = 40

# Told the name of a part of the work, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good each of ENGINES is on a test set, with the model of that name.

    `figures` has a row for each of MEASURES and a column for each question of the set.
    """

    judged: JudgedSet
    model: str
    figures: Mapping[str, NDArray[np.float64]]

    def results(self) -> dict[str, dict[str, Estimate]]:
        """What each engine reaches, then how much better the fused ranking is: by row, then by measure."""
        rows: dict[str, Sequence[Estimate]] = {
            engine: measures.estimates(figures) for engine, figures in self.figures.items()
        }
        for engine, other in COMPARED:
            gains = self.figures[engine] - self.figures[other]
            rows[f"{engine} - {other}"] = measures.differences(gains)
        return {row: dict(zip(MEASURES, found, strict=True)) for row, found in rows.items()}


def evaluate(judged: JudgedSet, *, progress: Progress) -> Evaluation:
    """Ask every question of the test set, and compare what each engine answers with the judgements.

    What was embedded is kept, however this ends. Raises ModelError, and IndexBusyError while another
    process measures the same set.
    """
    model = model_in_use(index_folder())
    with _folder(judged) as folder:
        documents = [
            Document(paper, title, text)
            for paper, (title, text) in enumerate(judged.documents.values(), start=1)
        ]
        _index(folder, documents)
        _embed(folder, model, documents, progress)
        engines = Engines(word_index(folder), vectors_of(folder, model), model)
        return Evaluation(judged, model.name, _figures(judged, engines, progress))


@contextmanager
def _folder(judged: JudgedSet) -> Iterator[Path]:
    """The index folder of the test set, for this process alone."""
    digest = hashlib.blake2b(os.fsencode(judged.folder), digest_size=4).hexdigest()
    folder = index_folder().with_name("evaluations") / f"{judged.name[:LETTERS]}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            yield folder
    except Timeout as problem:
        raise IndexBusyError(f"another process is measuring {judged.name}") from problem


def _index(folder: Path, documents: Sequence[Document]) -> None:
    words = beside(folder)
    lexical.create(words)
    lexical.write(words, [document.paper for document in documents], documents)
    switch(words)


def _embed(folder: Path, model: EmbeddingModel, documents: Sequence[Document], progress: Progress) -> None:
    store, runs = vectors_of(folder, model), runtime(model, threads=all_threads())
    file = vectors_file(folder, model.identity)
    before = store.digests([one.paper for one in documents])
    changed = [one for one in documents if before.get(one.paper) != one.digest()]
    known = store.known([one.digest() for one in changed])
    append(
        file, model.dimension, {one.paper: (d, known[d]) for one in changed if (d := one.digest()) in known}
    )
    new = [one for one in changed if one.digest() not in known]
    for start in range(0, len(new), runs.at_once):
        some = new[start : start + runs.at_once]
        found = runs.embed_documents([one.meaning() for one in some])
        rows = {one.paper: (one.digest(), vector) for one, vector in zip(some, found, strict=True)}
        append(file, model.dimension, rows)
        progress("documents", len(documents) - len(new) + start + len(some), len(documents))
    gone = store.papers()
    forget(file, model.dimension, gone[gone > len(documents)].tolist())


def _figures(judged: JudgedSet, engines: Engines, progress: Progress) -> dict[str, NDArray[np.float64]]:
    names = list(judged.documents)
    own = {name: paper for paper, name in enumerate(names, start=1)}
    figures = {engine: np.empty((len(MEASURES), len(judged.questions))) for engine in ENGINES}
    for column, (query, text) in enumerate(judged.questions.items()):
        for engine, papers in _rankings(text, engines).items():
            # A question that is a document itself finds that first, which says nothing.
            others = [names[paper - 1] for paper in papers if paper != own.get(query)]
            found = measures.figures(others, judged.grades[query])
            figures[engine][:, column] = [found[measure] for measure in MEASURES]
        progress("questions", column + 1, len(judged.questions))
    return figures


def _rankings(text: str, engines: Engines) -> dict[str, list[int]]:
    """The papers that each engine finds, best first; one folded under another stands right behind it."""
    # A question is plain text: what looks like an operator in it is none.
    ranked = engines.rank(Question.of(plain(text)))
    fused = ranked.fused.numbers[ranked.fused.rows].tolist()
    words, meaning = ([paper for paper, _ in found] for found in (ranked.words, ranked.meaning))
    return dict(zip(ENGINES, (words, meaning, fused), strict=True))
