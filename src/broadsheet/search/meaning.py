"""Keeping the embeddings in step with the texts, and replacing one model by another.

A paper whose text is not embedded yet is a row that is due. While another model is prepared, the rows are
worked off with that one, and searches go on with the one in use; when every paper has an embedding of the
new model, it takes over in one step.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection
from django.db.models import Model

from broadsheet.papers.models import Change, Paper
from broadsheet.papers.portions import portions
from broadsheet.search.documents import PAPERS_A_QUERY, Document
from broadsheet.search.embedding_models.embedding import EmbeddingModel, Floats
from broadsheet.search.embedding_models.runtimes import all_threads, runtime
from broadsheet.search.folder import (
    model_in_use,
    model_prepared,
    prepare,
    remove_other_vectors,
    use,
    vectors_file,
)
from broadsheet.search.models import EmbeddingDue
from broadsheet.search.vectors import append, compact, forget, vectors_of

if TYPE_CHECKING:
    from broadsheet.search.embedding_models.runtimes import Runtime

# Papers looked at in one go: most of them need no model after a change of mind, or when texts came before.
PAPERS_A_LOOK = 256
# What a model takes in one go is handed over in parts: a changed paper is to be found by words at once.
PARTS = 4


def embed_due(folder: Path) -> int:
    """Give some of the papers that are due their embedding, newest first; say how many: 0 when none is.

    A text that is embedded already, for whatever paper, is not embedded again. When nothing is due, a model
    that was prepared takes over. Raises ModelError.
    """
    if not EmbeddingDue.objects.exists():
        _take_over(folder)
        return 0
    model = _target(folder)
    runs = runtime(model, threads=all_threads())
    look = max(PAPERS_A_LOOK, runs.at_once)
    due = list(EmbeddingDue.objects.order_by("-pk").values_list("pk", flat=True)[:look])
    left = _embed(folder, model, runs, due)
    done = [paper for paper in due if paper not in left]
    for some in portions(done, PAPERS_A_QUERY):
        EmbeddingDue.objects.filter(pk__in=some).delete()
    return len(done)


def is_work_left(folder: Path) -> bool:
    """True while an embedding is due, or a model is prepared."""
    return EmbeddingDue.objects.exists() or model_prepared(folder) is not None


def change_model(folder: Path, model: EmbeddingModel) -> None:
    """Prepare the model, to take over when all papers are embedded; the one in use ends a preparation."""
    used, prepared = model_in_use(folder), model_prepared(folder)
    if model == (prepared or used):
        return
    # All papers: which of them changed during a preparation, only their texts can tell.
    _queue_all_papers()
    if model.identity == used.identity:
        use(folder, model)
    else:
        prepare(folder, model)
    remove_other_vectors(folder)


def follow(folder: Path, papers: Sequence[int], digests: Mapping[int, bytes]) -> list[int]:
    """Forget those of the papers that are gone, and say which of the others are to be embedded.

    `digests` are those of the others' texts.
    """
    for model in _models(folder):
        known = vectors_of(folder, model).digests(papers)
        _forget(folder, model, sorted(known.keys() - digests.keys()))
    known = vectors_of(folder, _target(folder)).digests(papers)
    return [paper for paper, digest in digests.items() if known.get(paper) != digest]


def make_due(papers: Collection[int]) -> None:
    """Note that the papers are to be embedded."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table(EmbeddingDue)} (paper_id) VALUES (%s) ON CONFLICT DO NOTHING",  # noqa: S608
            [(paper,) for paper in papers],
        )


def mend(folder: Path) -> None:
    """Remove what another model left behind; where embeddings seem to be missing, compare."""
    remove_other_vectors(folder)
    embedded = vectors_of(folder, _target(folder)).count()
    if not EmbeddingDue.objects.exists() and embedded != Paper.objects.count():
        compare(folder)


def count(folder: Path) -> int:
    """How many papers have an embedding of the model in use."""
    return vectors_of(folder, model_in_use(folder)).count()


def compare(folder: Path) -> None:
    """Forget embeddings of papers that are gone, and make due those that have none."""
    papers = np.fromiter(Paper.objects.order_by("pk").values_list("pk", flat=True).iterator(), np.int64)
    for model in _models(folder):
        _forget(folder, model, np.setdiff1d(vectors_of(folder, model).papers(), papers).tolist())
    make_due(np.setdiff1d(papers, vectors_of(folder, _target(folder)).papers()).tolist())


def give_back(folder: Path) -> None:
    """Write the embeddings anew without those that are of no use any more."""
    for model in _models(folder):
        compact(vectors_file(folder, model.identity), model.dimension)


def _embed(folder: Path, model: EmbeddingModel, runs: Runtime, due: Sequence[int]) -> set[int]:
    """Embed some of the papers, newest first; say which are left."""
    store = vectors_of(folder, model)
    before = store.digests(due)
    changed = [one for one in _texts(due) if before.get(one.paper) != one.digest()]
    if not changed:
        return set()
    found = store.known([one.digest() for one in changed])
    texts = {one.digest(): one.meaning() for one in changed if one.digest() not in found}
    return _append(folder, model, changed, {**found, **_computed(runs, texts)})


def _texts(papers: Sequence[int]) -> Iterator[Document]:
    """The papers, newest first, with nothing but their texts: a card waits for whatever else is read."""
    for some in portions(papers, PAPERS_A_QUERY):
        rows = Paper.objects.filter(pk__in=some).order_by("-pk")
        yield from (Document(*row) for row in rows.values_list("pk", "title", "abstract"))


def _computed(runs: Runtime, texts: Mapping[bytes, str]) -> dict[bytes, Floats]:
    """The vectors of the first of the texts, by their digests; fewer when a changed paper waits meanwhile."""
    # Texts of like length run together where a card takes many at once: padding costs as much as text does.
    digests = sorted(list(texts)[: runs.at_once], key=lambda digest: len(texts[digest]))
    size = math.ceil(runs.at_once / PARTS)
    found: dict[bytes, Floats] = {}
    for part in portions(digests, size):
        found.update(zip(part, runs.embed_documents([texts[digest] for digest in part]), strict=True))
        if Change.objects.exists():
            break
    return found


def _append(
    folder: Path, model: EmbeddingModel, changed: Sequence[Document], found: Mapping[bytes, Floats]
) -> set[int]:
    rows = {one.paper: (one.digest(), found[one.digest()]) for one in changed if one.digest() in found}
    append(vectors_file(folder, model.identity), model.dimension, rows)
    return {one.paper for one in changed} - rows.keys()


def _take_over(folder: Path) -> None:
    """Have the model that was prepared take over, if every paper is embedded with it."""
    model = model_prepared(folder)
    if model is None:
        return
    compare(folder)
    if not EmbeddingDue.objects.exists():
        use(folder, model)


def _models(folder: Path) -> list[EmbeddingModel]:
    """The model in use, and the one that is prepared, if any."""
    prepared = model_prepared(folder)
    return [model_in_use(folder), *([prepared] if prepared else [])]


def _target(folder: Path) -> EmbeddingModel:
    """The model that papers are embedded with."""
    return model_prepared(folder) or model_in_use(folder)


def _forget(folder: Path, model: EmbeddingModel, papers: Sequence[int]) -> None:
    if papers:
        forget(vectors_file(folder, model.identity), model.dimension, papers)


def _queue_all_papers() -> None:
    due, papers = table(EmbeddingDue), table(Paper)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {due} (paper_id) SELECT id FROM {papers} WHERE true ON CONFLICT DO NOTHING"  # noqa: S608
        )


def table(model: type[Model]) -> str:
    """The name of the model's table, as statements write it."""
    return connection.ops.quote_name(model._meta.db_table)
