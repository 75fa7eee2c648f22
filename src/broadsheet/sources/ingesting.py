"""Running live sources: a step at a time, whatever happens between two of them.

A step holds its source's row by a claim that ends by itself, asks once, and stores what it learnt together
with the position for the next step in one transaction. A process may die at any line: what was committed
counts, and the next step begins where that ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from broadsheet.papers import name_words
from broadsheet.papers.catalogue import StoreCounts, store
from broadsheet.papers.names import NameWord
from broadsheet.papers.record import Record
from broadsheet.sources import counts, pruning
from broadsheet.sources.completeness import announcements
from broadsheet.sources.counts import Counts
from broadsheet.sources.files.readings import Refusal, Remark, printable
from broadsheet.sources.live.fetching.fetcher import Fetcher, FetchError
from broadsheet.sources.live.source import LONGEST_OFFSET, NEVER, Asked, Batch, LiveSource, due
from broadsheet.sources.models import RefusedRecord, Run, SourceState
from broadsheet.sources.settings import source_settings
from broadsheet.stored_times import come, has_come

# A step that takes longer has died: ten minutes of patience at most, and what a request may take.
CLAIM = timedelta(minutes=15)
# Who is to be asked sooner than that has refused nothing: somebody else is asking.
SHORTEST_REST = timedelta(minutes=1)
AFTER_OUR_ERROR = timedelta(hours=1)
OUR_ERROR = "an error of ours; the log has the details"
REFUSALS_KEPT = 1000
MESSAGES_KEPT = 20
PLACE_LENGTH = 255

log = structlog.get_logger(__name__)


class Went(StrEnum):
    """How a step went: there is more to ask, nothing more, it failed, or another process is at it."""

    ON = "on"
    DONE = "done"
    FAILED = "failed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step of a source did. `is_again` if it belonged to days that were asked for once more."""

    source: LiveSource
    went: Went
    is_again: bool = False
    stored: StoreCounts = field(default_factory=StoreCounts)
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()
    failure: str = ""

    @property
    def has_changed_papers(self) -> bool:
        """True if the search index has something to do now."""
        return bool(self.stored.new or self.stored.updated or self.stored.merged)


def take_due_step(sources: Sequence[LiveSource], *, fetcher: Fetcher, now: datetime) -> Step | None:
    """A step of the source that has been due for the longest time; None if none is due.

    A source that never ran is due. One that has more to ask is due again after the others.
    """
    states = SourceState.objects.in_bulk([source.name for source in sources])
    due_at = {
        source: due(source, states[source.name].due_at, now=now) if source.name in states else NEVER
        for source in sources
    }
    held = {name for name, one in states.items() if not has_come(one.claimed_until, now=now, longest=CLAIM)}
    waiting = [source for source in sources if due_at[source] <= now and source.name not in held]
    if not waiting:
        return None
    source = min(waiting, key=due_at.__getitem__)
    # Another process may just have done it.
    is_due = come("due_at", now=now, longest=source.longest_wait(now))
    return _take(source, _claim(source, is_due, now=now), fetcher=fetcher, now=now)


def take_step(source: LiveSource, *, fetcher: Fetcher, now: datetime) -> Step:
    """One step of the source; a failure is noted and puts the next one off.

    Its records are stored in small transactions, and at last how far the source is: a step that is broken off
    is taken again, and what it had stored is then there already.
    """
    return _take(source, _claim(source, Q(), now=now), fetcher=fetcher, now=now)


def _take(source: LiveSource, state: SourceState | None, *, fetcher: Fetcher, now: datetime) -> Step:
    if state is None:
        return _busy(source)
    try:
        return _ask_and_store(source, state, fetcher=fetcher, now=now)
    except _ClaimLostError:
        return _busy(source)
    except FetchError as problem:
        if problem.until < now + SHORTEST_REST:
            # Its host is busy: those that are due at other hosts come first now.
            _claimed(state).update(due_at=max(now, problem.until))
            return _busy(source, str(problem))
        return _fail(source, state, str(problem), now=now, until=problem.until)
    except OperationalError:
        # The database cannot be used: that is no fault of the source, and nothing can be noted.
        raise
    except Exception:
        log.exception("a source failed", source=source.name)
        return _fail(source, state, OUR_ERROR, now=now, until=now + AFTER_OUR_ERROR)
    finally:
        _claimed(state).update(claimed_until=None)


@dataclass(slots=True, kw_only=True)
class SourceReport(Counts):
    """What a run brought from a source, how it ended and, if it failed, why; `next_due` is the next one."""

    name: str
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    went: Went = Went.ON
    failure: str = ""
    next_due: datetime | None = None

    def add(self, step: Step) -> None:
        """Count what a step brought."""
        counts.add(self, stored=step.stored, refused=len(step.refusals))
        self.refusals += step.refusals[: REFUSALS_KEPT - len(self.refusals)]
        self.remarks = [*dict.fromkeys([*self.remarks, *step.remarks])][:MESSAGES_KEPT]
        self.went, self.failure = step.went, step.failure


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of each source, and for each family how many announced papers have not come yet."""

    sources: list[SourceReport]
    missing: dict[str, int]

    @property
    def is_done(self) -> bool:
        """True if every source was asked to its end."""
        return all(one.went is Went.DONE for one in self.sources)

    @property
    def has_changed_papers(self) -> bool:
        """True if the search index has something to do now."""
        return any(one.new or one.updated or one.merged for one in self.sources)


def ingest(
    sources: Sequence[LiveSource],
    *,
    fetcher: Fetcher,
    now: Callable[[], datetime],
    days: tuple[date, date] | None = None,
    progress: Callable[[SourceReport], None],
) -> IngestReport:
    """Run the sources now, one after another, each until there is nothing more to ask or it fails.

    With `days` only what belongs to them, the first and the last included, is fetched, whatever was before.
    What an interrupted run left to do is done first. `progress` is told of each step.
    """
    if days:
        ask_again(sources, *days, now=now())
    reports = [
        _run(source, partial(take_step, source, fetcher=fetcher), now, progress, only_again=bool(days))
        for source in sources
    ]
    families = dict.fromkeys(source.family for source in sources)
    return IngestReport(
        reports, {family: announcements.missing(family, now=now()).count() for family in families}
    )


def _run(
    source: LiveSource,
    take: Callable[..., Step],
    now: Callable[[], datetime],
    progress: Callable[[SourceReport], None],
    *,
    only_again: bool,
) -> SourceReport:
    report = SourceReport(name=source.name)
    is_going_on = True
    while is_going_on:
        step = take(now=now())
        report.add(step)
        progress(report)
        is_before_the_run = step.is_again and not only_again
        is_going_on = step.went is Went.ON or (step.went is Went.DONE and is_before_the_run)
    report.next_due = SourceState.objects.get(name=source.name).due_at
    return report


@transaction.atomic
def ask_again(sources: Sequence[LiveSource], since: date, until: date, *, now: datetime) -> None:
    """Have the sources bring once more what belongs to these days, both ends included, as soon as may be."""
    for source in sources:
        SourceState.objects.get_or_create(name=source.name, defaults={"due_at": now})
        state = SourceState.objects.select_for_update().get(name=source.name)
        asked = (state.again_since, state.again_until)
        state.again_since = min(since, state.again_since or since)
        state.again_until = max(until, state.again_until or until)
        if (state.again_since, state.again_until) != asked:
            state.again_position = {}
        state.due_at = now
        state.save(update_fields=["again_since", "again_until", "again_position", "due_at"])


class _ClaimLostError(Exception):
    """The step took so long that another process may have gone on; what it learnt comes again."""


def _claim(source: LiveSource, condition: Q, *, now: datetime) -> SourceState | None:
    """The source's row, held; None if another process holds it, or the condition is not true of it."""
    SourceState.objects.get_or_create(name=source.name, defaults={"due_at": now})
    free = come("claimed_until", now=now, longest=CLAIM)
    if not SourceState.objects.filter(free, condition, name=source.name).update(claimed_until=now + CLAIM):
        return None
    return SourceState.objects.get(name=source.name)


def _claimed(state: SourceState) -> QuerySet[SourceState]:
    """The row as long as it is held by the claim that `state` was read with."""
    return SourceState.objects.filter(name=state.name, claimed_until=state.claimed_until)


def _still_ours(taken: SourceState) -> SourceState:
    """The row as it is now, locked until the transaction ends. Raises _ClaimLostError."""
    state = _claimed(taken).select_for_update().first()
    if state is None:
        raise _ClaimLostError
    state.claimed_until = None
    return state


def _busy(source: LiveSource, reason: str = "it is being fetched by another process") -> Step:
    return Step(source=source, went=Went.BUSY, failure=reason)


def _ask_and_store(source: LiveSource, state: SourceState, *, fetcher: Fetcher, now: datetime) -> Step:
    position = state.position if state.again_since is None else state.again_position
    batch = source.step(position, _asked(state, now), fetcher)
    if not _claimed(state).exists():
        raise _ClaimLostError
    stored = store([reading for reading in batch.readings if isinstance(reading, Record)], now=now)
    name_words.take_over((one for one in batch.readings if isinstance(one, NameWord)), now=now)
    step = _note(source, state, batch, stored, now=now)
    if step.went is Went.DONE:
        # Not in its transaction: this may wake another source, whose step may be waiting for ours.
        announcements.ask_for_missing(now=now)
        announcements.prune(source.family, now=now)
        pruning.prune(now=now)
    return step


def _asked(state: SourceState, now: datetime) -> Asked:
    config = source_settings()
    return Asked(
        now=now,
        since=state.again_since,
        until=state.again_until,
        categories=config.followed,
        holidays=config.holidays,
    )


@transaction.atomic
def _note(
    source: LiveSource, taken: SourceState, batch: Batch, stored: StoreCounts, *, now: datetime
) -> Step:
    """Note all else that a step learnt, once its records are stored, and where the next one begins."""
    state = _still_ours(taken)
    step = Step(
        source=source,
        went=Went.DONE if batch.is_done else Went.ON,
        is_again=taken.again_since is not None,
        stored=stored,
        refusals=tuple(reading for reading in batch.readings if isinstance(reading, Refusal)),
        remarks=tuple(printable(one.text) for one in batch.readings if isinstance(one, Remark)),
    )
    announcements.note(source.family, batch.announced)
    announcements.note_looks(source.family, batch.looks, now=now)
    if step.stored != StoreCounts() or batch.announced or batch.is_done:
        announcements.mark_received(source.family, now=now)
    _count(state, step, now)
    _move(state, taken, batch)
    state.failures, state.message = 0, ""
    state.due_at = _next_due(state, taken, step, now)
    state.save()
    return step


def _count(state: SourceState, step: Step, now: datetime) -> None:
    """Add the step to the run of its source, and keep what was refused; the run's last step closes it."""
    run = state.run or Run(source=step.source.name, started_at=now)
    RefusedRecord.objects.bulk_create(
        (
            RefusedRecord(
                source=step.source.family,
                day=now.date(),
                place=printable(one.place)[:PLACE_LENGTH],
                reason=printable(one.reason),
            )
            for one in step.refusals[: max(0, REFUSALS_KEPT - run.refused)]
        ),
        ignore_conflicts=True,
    )
    counts.add(run, stored=step.stored, refused=len(step.refusals))
    said = dict.fromkeys([*run.message.splitlines(), *step.remarks, step.failure])
    run.message = "\n".join([line for line in said if line][-MESSAGES_KEPT:])
    run.finished_at = None if step.went is Went.ON else now
    if run.finished_at and not (run.read or run.message or step.is_again):
        # Nothing came: that is no news, and a mirror asks each five minutes.
        run.delete() if run.pk else None
    else:
        run.save()
    state.run = run if step.went is Went.ON else None


def _move(state: SourceState, taken: SourceState, batch: Batch) -> None:
    """Put the position forward. Where more days were asked for meanwhile, all of them begin anew."""
    days = (taken.again_since, taken.again_until)
    if taken.again_since is None:
        state.position = batch.position
    elif days == (state.again_since, state.again_until):
        state.again_position = {} if batch.is_done else batch.position
        if batch.is_done:
            state.again_since = state.again_until = None


def _next_due(state: SourceState, taken: SourceState, step: Step, now: datetime) -> datetime:
    """When to take the next step; notes the end of a run.

    After days that were fetched again, and where somebody asked for something during the step, at once.
    """
    was_asked = state.again_since is not None or state.due_at != taken.due_at
    if step.went is Went.DONE and not step.is_again:
        state.last_good_at = now
        if not was_asked:
            return step.source.next_due(now) + offset(settings.SECRET_KEY)
    return now


def _fail(source: LiveSource, taken: SourceState, reason: str, *, now: datetime, until: datetime) -> Step:
    """Note why the source could not be asked, and put it off."""
    step = Step(
        source=source,
        went=Went.FAILED,
        is_again=taken.again_since is not None,
        failure=printable(reason),
    )
    try:
        with transaction.atomic():
            state = _still_ours(taken)
            _count(state, step, now)
            announcements.note_down(source.family, step.failure, now=now)
            state.failures += 1
            state.message = step.failure
            state.due_at = until
            state.save()
    except _ClaimLostError:
        return _busy(source)
    return step


def offset(secret_key: str) -> timedelta:
    """How much later than others this instance comes: always the same, and the next one's is another."""
    number = int.from_bytes(hashlib.blake2b(secret_key.encode(), digest_size=8).digest())
    return LONGEST_OFFSET * (number / 2**64)
