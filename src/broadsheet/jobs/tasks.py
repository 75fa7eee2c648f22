"""What the worker does. A task is short, safe to run twice and safe to kill; it says whether more is left."""

from __future__ import annotations

import structlog

from broadsheet.search import indexing
from broadsheet.search.embedding_models.embedding import ModelError
from broadsheet.search.folder import IndexBusyError

log = structlog.get_logger(__name__)


def index() -> bool:
    """Index changed papers by their words; when there are none, embed a few of those that are due."""
    try:
        if not indexing.catch_up():
            indexing.embed_due()
    except IndexBusyError:
        # Whoever holds the index looks for more after letting go of it.
        return False
    except ModelError as problem:
        log.warning("papers cannot be embedded", reason=str(problem))
        return False
    return indexing.is_work_left()


def mend_index() -> bool:
    """Look whether the index has every paper; whatever is missing is queued for `index`."""
    try:
        indexing.mend()
    except IndexBusyError:
        return False
    return indexing.is_work_left()
