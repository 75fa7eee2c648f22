"""Keeping the index in step with the catalogue: words first, then meaning.

The catalogue is the truth. Each change to a paper left a row in the change queue; `catch_up` indexes
those papers as they are now and only then deletes exactly the rows it saw, so that after a kill at any
point the same work is done again, to the same end. What has to be embedded anew becomes a row that is
due, worked off by `embed_due`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import structlog
from django.db import connection, transaction

from broadsheet.papers.disk import is_full
from broadsheet.papers.models import Change, Paper
from broadsheet.search import meaning
from broadsheet.search.documents import Document, read
from broadsheet.search.embedding_models.embedding import EmbeddingModel
from broadsheet.search.folder import (
    answering,
    beside,
    current,
    follow,
    following,
    index_folder,
    remove_others,
    switch,
    was_begun,
    writing,
)
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndexError, word_index

# Papers in one commit: more would keep a worker that is to stop waiting, fewer would leave many small files.
PAPERS_A_COMMIT = 10_000

log = structlog.get_logger(__name__)


class EmptyCatalogueError(Exception):
    """The catalogue has no paper and the index has some: the database was lost. The message says more."""


def catch_up(*, wait: float = 0) -> int:
    """Index the papers of the oldest changes, and say how many changes that were: 0 when all is done.

    Raises IndexBusyError if another process still writes after `wait` seconds, and IndexUnwritableError.
    """
    with writing(wait=wait) as folder:
        words = _words(folder)
        changes = list(Change.objects.order_by("pk").values_list("pk", "paper_id")[:PAPERS_A_COMMIT])
        if not changes:
            _let_take_over(folder)
            return 0
        due = _index(folder, words, sorted({paper for _, paper in changes}))
        with transaction.atomic():
            meaning.make_due(due)
            _delete_changes([number for number, _ in changes])
        return len(changes)


def embed_due(*, wait: float = 0) -> int:
    """Embed some of the papers that are due, newest first, and say how many: 0 when none is.

    Then a model that was prepared takes over. Raises IndexBusyError, and ModelError.
    """
    with writing(wait=wait) as folder:
        return meaning.embed_due(folder)


def change_model(model: EmbeddingModel, *, wait: float = 0) -> None:
    """Prepare the model, to take over when all papers are embedded; the one in use ends a preparation.

    Raises IndexBusyError.
    """
    with writing(wait=wait) as folder:
        meaning.change_model(folder, model)


def is_work_left() -> bool:
    """True while a change is not indexed, an embedding is due, or a model is prepared."""
    folder = index_folder()
    return Change.objects.exists() or following(folder) is not None or meaning.is_work_left(folder)


def mend(*, wait: float = 0) -> None:
    """Compare the index with the catalogue, and queue whatever is missing; damage is made good from nothing.

    Raises IndexBusyError, IndexUnwritableError, and EmptyCatalogueError.
    """
    with writing(wait=wait) as folder:
        _refuse_to_empty(folder)
        _words(folder)
        # Only we delete changes, so none before and none after means that none came between.
        if not Change.objects.exists():
            _let_take_over(folder)
            papers = Paper.objects.count()
            if papers != word_index(folder).count() and not Change.objects.exists():
                _start_over(folder)
        meaning.mend(folder)


def rebuild(*, progress: Callable[[int, int], None], wait: float = 0) -> int:
    """Build the word index anew beside the one in use, then let it take over; say how many papers it has.

    Texts that are embedded already are not embedded again. `progress` is told how many papers of how many
    are done. Raises IndexBusyError, IndexUnwritableError, and EmptyCatalogueError.
    """
    with writing(wait=wait) as folder:
        _refuse_to_empty(folder)
        changes = list(Change.objects.values_list("pk", flat=True))
        words = beside(folder)
        lexical.create(words)
        total, done, last = Paper.objects.count(), 0, 0
        while papers := list(
            Paper.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAPERS_A_COMMIT]
        ):
            meaning.make_due(_write(folder, words, papers))
            done, last = done + len(papers), papers[-1]
            progress(done, max(total, done))
        switch(words)
        with transaction.atomic():
            _delete_changes(changes)
        meaning.compare(folder)
        meaning.give_back(folder)
        return done


def _refuse_to_empty(folder: Path) -> None:
    """Raise EmptyCatalogueError where nothing says how the papers of the index left the catalogue."""
    if Paper.objects.exists() or Change.objects.exists():
        return
    try:
        held = word_index(folder).count()
    except WordIndexError:
        held = 0
    if held := max(held, meaning.count(folder)):
        raise EmptyCatalogueError(
            f"the catalogue is empty, and the index in {folder} has {held:,} papers: restore the backup of"
            " the database, or remove that folder"
        )


def _words(folder: Path) -> Path:
    """The word index that is written to: the one in use, or the one that is to follow one of the form before;
    an empty one, and all papers queued for it, where there is none or it is damaged.
    """
    try:
        word_index(folder).count()
    except WordIndexError as problem:
        if was_begun(folder):  # a first start is no trouble to tell of
            log.warning("word index is built from nothing", reason=str(problem))
        return _start_over(folder)
    searched = answering(folder)
    assert searched is not None
    words = following(folder) or current(folder) or _start_over(folder)
    remove_others(words, searched)
    return words


def _start_over(folder: Path) -> Path:
    """An empty word index, beside the one in use while that answers, else in its place."""
    words = beside(folder)
    lexical.create(words)
    # The queue comes first: an empty index with nothing queued would look like a finished one.
    _queue_all_papers()
    try:
        word_index(folder).count()
        follow(words)
        log.info("word index is built anew beside the one in use")
    except WordIndexError:
        switch(words)
    return words


def _let_take_over(folder: Path) -> None:
    """Have the word index that is to follow take over: call this when no change is left."""
    if words := following(folder):
        switch(words)


def _queue_all_papers() -> None:
    """Queue every paper that does not wait already; within the database, for there may be millions."""
    changes, papers = meaning.table(Change), meaning.table(Paper)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {changes} (paper_id) SELECT id FROM {papers}"  # noqa: S608
            f" WHERE id NOT IN (SELECT paper_id FROM {changes}) ORDER BY id"
        )


def _index(folder: Path, words: Path, papers: Sequence[int]) -> list[int]:
    """Index the papers as they are now; say which of them are due for an embedding."""
    try:
        return _write(folder, words, papers)
    except ValueError as problem:
        if is_full(problem, folder=folder):
            raise
        log.warning("word index cannot be written", reason=str(problem))
        return _write(folder, _start_over(folder), papers)


def _write(folder: Path, words: Path, papers: Sequence[int]) -> list[int]:
    digests: dict[int, bytes] = {}

    def documents() -> Iterator[Document]:
        for document in read(papers):
            digests[document.paper] = document.digest()
            yield document

    lexical.write(words, papers, documents())
    return meaning.follow(folder, papers, digests)


def _delete_changes(numbers: Sequence[int]) -> None:
    """Delete exactly these rows: one that came meanwhile, whatever its number, stays in the queue."""
    for first, last in _runs(sorted(numbers)):
        Change.objects.filter(pk__range=(first, last)).delete()


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretches of consecutive numbers: (1, 2, 3, 7) are (1, 3) and (7, 7)."""
    start = 0
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            yield numbers[start], number
            start = i + 1
