"""Which papers a person has seen: one compact set a person.

A paper is seen by what its reader does with it, by "all above", or by a mail; never by opening it or by
scrolling past. The set is read through all merges and splits: of papers that are one now, it was enough to
see one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import told, undoing
from broadsheet.library.models import Seen
from broadsheet.library.told import AFTER, Past
from broadsheet.papers.inserting import update
from broadsheet.papers.models import Paper

# This and its key say that a part of a paper is not seen any more that was seen as a whole.
UNSEEN = AFTER * 2
WAY = "seen"


@dataclass(slots=True)
class Change:
    """Keys that came into a set and that went from it."""

    come: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def mark_seen(viewer: Viewer, papers: Collection[int], *, now: datetime) -> None:
    """Say that the viewer has seen these papers, such as all above. Raises NotAllowedError."""
    _set(viewer, papers, True, now=now)


def unmark(viewer: Viewer, papers: Collection[int], *, now: datetime) -> None:
    """Say that the viewer has not seen these papers. Raises NotAllowedError."""
    _set(viewer, papers, False, now=now)


def leave_out(viewer: Viewer, stands: bool, *, now: datetime) -> None:
    """Have lists leave out what the viewer has seen, or no more. Raises NotAllowedError."""
    person = access.check(viewer, "save", now=now)
    Seen.objects.update_or_create(person=person, defaults={"is_left_out": stands})


def is_left_out(viewer: Viewer) -> bool:
    """Whether lists leave out what the viewer has seen."""
    return Seen.objects.filter(person=viewer.pk, is_left_out=True).exists()


def seen_among(person: int, papers: Collection[int]) -> set[int]:
    """Those of the papers that the person has seen."""
    stored = Seen.objects.filter(person=person).values_list("papers", flat=True).first()
    return among(stored, papers) if stored else set()


def among(stored: bytes | memoryview, papers: Collection[int], past: Past | None = None) -> set[int]:
    """Those of the papers that are in a stored set; what the papers were before may be known already."""
    past = past or Past(papers)
    there = _there(told.keys(stored), past, papers)
    return {paper for paper in papers if _is_in(there, past, paper)}


@transaction.atomic
def told_by_mail(people: Mapping[int, Collection[int]]) -> None:
    """What mails told these people, of each the papers, they have seen."""
    past = Past({paper for papers in people.values() for paper in papers})
    rows = [Seen(person_id=person) for person in people]
    Seen.objects.bulk_create(rows, ignore_conflicts=True)
    held = Seen.objects.select_for_update().filter(pk__in=people).order_by("pk")
    update(
        Seen,
        ("papers",),
        ("person",),
        [(told.packed({*told.unpacked(row.papers), *map(past.key, people[row.pk])}), row.pk) for row in held],
    )


def hold(person: int) -> Seen:
    """The set of a person, held until the transaction ends: whoever else changes what is theirs waits."""
    Seen.objects.bulk_create([Seen(person_id=person)], ignore_conflicts=True)
    return Seen.objects.select_for_update().get(pk=person)


def add(row: Seen, papers: Collection[int]) -> Change:
    """Put papers that were not seen into a set that is held. What came into it and went from it."""
    keys, past, change = told.keys(row.papers), Past(papers), Change()
    there = _there(keys, past, papers)
    for paper in papers:
        if not _is_in(there, past, paper):
            change.gone += {UNSEEN + past.key(paper)} & there
            change.come += {past.key(paper)} - there
    return _changed(row, keys, change)


def by_act(viewer: Viewer, row: Seen, papers: Collection[int]) -> Change:
    """Note in a set that is held that the viewer, who does something with these papers, has seen them; what
    their program does by itself says nothing of that.
    """
    return Change() if viewer.acts_as_agent else add(row, papers)


def take(row: Seen, papers: Collection[int]) -> Change:
    """Take papers that were seen from a set that is held. What came into it and went from it."""
    keys, past, change = told.keys(row.papers), Past(papers), Change()
    there = _there(keys, past, papers)
    for paper in papers:
        if not _is_in(there, past, paper):
            continue
        if past.was_parted():
            # Other papers may be seen by the same keys.
            change.come.append(UNSEEN + past.key(paper))
        else:
            change.gone += past.names(paper) & there
    return _changed(row, keys, change)


def take_back(row: Seen, change: Change) -> None:
    """Undo a change of a set that is held."""
    _changed(row, told.keys(row.papers), Change(come=change.gone, gone=change.come))


def _set(viewer: Viewer, papers: Collection[int], is_seen: bool, *, now: datetime) -> None:
    person = access.check(viewer, "save", now=now)
    with transaction.atomic():
        row = hold(person.pk)
        # Of a key that a form made up, a later paper would be seen.
        papers = [*Paper.objects.filter(pk__among=papers).values_list("pk", flat=True)]
        change = (add if is_seen else take)(row, papers)
        if change.come or change.gone:
            before = [change.come, change.gone, sorted(papers)]
            undoing.remember(viewer, "see" if is_seen else "unsee", before, way=WAY, now=now)


def _undo(viewer: Viewer, before: list[list[int]], now: datetime) -> Collection[int]:
    person = access.check(viewer, "save", now=now)
    come, gone, papers = before
    take_back(hold(person.pk), Change(come, gone))
    return papers


def _there(keys: NDArray[np.int64], past: Past, papers: Iterable[int]) -> set[int]:
    """Which keys are in a set of those that say whether one of these papers was seen."""
    wanted = np.array([key for one in papers for key in (*past.names(one), UNSEEN + past.key(one))], np.int64)
    places = np.searchsorted(keys, wanted)
    is_within = places < len(keys)
    wanted, places = wanted[is_within], places[is_within]
    return {*wanted[keys[places] == wanted].tolist()}


def _is_in(there: Collection[int], past: Past, paper: int) -> bool:
    return not past.names(paper).isdisjoint(there) and UNSEEN + past.key(paper) not in there


def _changed(row: Seen, keys: NDArray[np.int64], change: Change) -> Change:
    if change.come or change.gone:
        left = keys[~np.isin(keys, np.array(change.gone, np.int64), assume_unique=True)]
        row.papers = told.packed(np.concatenate((left, np.array(change.come, np.int64))))
        row.save(update_fields=["papers"])
    return change


undoing.ways[WAY] = _undo
