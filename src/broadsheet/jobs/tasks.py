"""What the worker does. A task is safe to run twice and safe to kill; it says which tasks have work now."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from broadsheet.accounts import leaving
from broadsheet.community import nightly, submitting
from broadsheet.configured import instance
from broadsheet.daily import followed, noting, picks, topics
from broadsheet.library import uploads
from broadsheet.papers import categories, counting, disk, texts
from broadsheet.search import indexing
from broadsheet.search.embedding_models.embedding import ModelError
from broadsheet.search.folder import IndexBusyError, IndexUnwritableError
from broadsheet.sources import ingesting
from broadsheet.sources.completeness import status
from broadsheet.sources.live import registry
from broadsheet.sources.live.fetching.clock import REAL_CLOCK
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.sources.outgoing import dumping
from broadsheet.sources.settings import source_settings

# How long a fetch waits for the turn of its host: longer than one turn of the slowest.
PATIENCE = timedelta(seconds=5)

# A host may take minutes to answer. One thread waits for it, so that another is free to index.
_fetching = threading.Lock()
log = structlog.get_logger(__name__)


def fetch() -> set[str]:
    """Ask the source whose turn it is, once, and store what it says; then index that, and ask on."""
    config = source_settings()
    sources = registry.scheduled(config.families, categories=config.followed)
    if not sources or _has_no_room(instance().data) or not _fetching.acquire(blocking=False):
        return set()
    try:
        with Fetcher(clock=REAL_CLOCK, patience=PATIENCE) as fetcher:
            step = ingesting.take_due_step(sources, fetcher=fetcher, now=datetime.now(UTC))
    finally:
        _fetching.release()
    if step is None:
        return set()
    return {"fetch", "index", "settle"} if step.has_changed_papers else {"fetch"}


def _has_no_room(folder: Path) -> bool:
    """True where the disk is nearly full; what is left of it is for what people do."""
    if reason := disk.shortage(folder):
        log.warning("nothing is fetched", reason=reason)
    return bool(reason)


def settle() -> set[str]:
    """Let submissions wait whose papers have come, and put on today's list what was scheduled for it."""
    return {"index"} if submitting.settle(now=datetime.now(UTC)) else set()


def dump() -> set[str]:
    """Write the public dump if there is to be one and it is due; the one before stays until then."""
    folder, now = instance().data / dumping.FOLDER, datetime.now(UTC)
    if not source_settings().dump or not dumping.is_due(folder, now=now) or _has_no_room(folder.parent):
        return set()
    try:
        dumping.dump(folder, now=now)
    except (OSError, dumping.DumpBusyError) as problem:
        log.warning("the public dump was not written", reason=str(problem))
    return set()


def leave() -> set[str]:
    """Let those leave who said so a week ago; forget files of libraries that nobody brought in."""
    leaving.leave_due(now=datetime.now(UTC))
    uploads.forget_old(now=datetime.now(UTC))
    return set()


def measure() -> set[str]:
    """Count what takes long to count in a large catalogue, so that no page has to."""
    now = datetime.now(UTC)
    for measured in (counting.COUNTS, categories.COUNTS, status.DAYS):
        measured.measure(now=now)
    return set()


def tell_followers() -> set[str]:
    """Tell people of new papers by whom they follow."""
    return {"tell_followers"} if followed.tell(now=datetime.now(UTC)) else set()


def go_over_votes() -> set[str]:
    """Let votes count again whose time has come; once a day, recount the tallies and remember the picks."""
    now = datetime.now(UTC)
    if nightly.go_over(now=now):
        picks.go_over(today=now.date())
    return set()


def note_topics() -> set[str]:
    """Enter what came to the lists of topics since they were looked at; the site's own is always there."""
    now = datetime.now(UTC)
    topics.trending(now)
    noting.note_due(now=now)
    return set()


def make_texts() -> set[str]:
    """Make some of the texts of papers that are due."""
    return {"make_texts"} if texts.make_due() else set()


def index() -> set[str]:
    """Index changed papers by their words; when there are none, embed a few of those that are due."""
    try:
        has_indexed = bool(indexing.catch_up())
        if not has_indexed:
            indexing.embed_due()
    except IndexBusyError:
        # Whoever holds the index looks for more after letting go of it.
        return set()
    except ModelError as problem:
        log.warning("papers cannot be embedded", reason=str(problem))
        return set()
    except IndexUnwritableError as problem:
        log.warning("papers cannot be indexed", reason=str(problem))
        return set()
    if indexing.is_work_left():
        return {"index"}
    return {"note_topics"} if has_indexed else set()


def mend_index() -> set[str]:
    """Look whether the index has every paper; whatever is missing is queued for `index`."""
    try:
        indexing.mend()
    except IndexBusyError:
        return set()
    except (IndexUnwritableError, indexing.EmptyCatalogueError) as problem:
        log.warning("the index cannot be mended", reason=str(problem))
        return set()
    return {"index"} if indexing.is_work_left() else set()
