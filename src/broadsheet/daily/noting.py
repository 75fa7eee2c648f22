"""What is new in topics: each paper that comes to the list of a topic is entered there once, with a number
that only grows.

Of a list by date, every paper is entered that was not in it when the topic was saved, also one that begins to
match later; the papers that were in it then are known by the number 0. Of a ranking, the first papers of now
are entered, as many as the topic looks at. A paper that is known to a topic is never entered again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.accounts.access import Viewer
from broadsheet.daily import lists
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.daily.kinds.by_date import ADDED
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.daily.kinds.search import RELEVANCE
from broadsheet.daily.kinds.topic import told
from broadsheet.daily.list_names import from_json
from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.papers import reading, tallies
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.models import Paper
from broadsheet.papers.portions import portions
from broadsheet.search import folder
from broadsheet.search.word_index.lexical import WordIndexError, last_commit
from broadsheet.stored_times import has_come

# The kinds of lists that hold papers by what these are; all others rank them by what is said of them now.
BY_DATE = ("author", "organization", "category", "search", LIBRARY)
PAGE = 500
# However many papers come at once, a topic gets the newest of so many parts of its list.
MOST_PAGES = 20
# A ranking moves with every vote; it is looked at so often at most.
PAUSE = timedelta(minutes=10)


def begin(topic: Topic, *, now: datetime) -> None:
    """Enter what a topic that was just made has on its list: the first papers with a number, the others as
    known. Raises UnknownListError and WordIndexError.
    """
    wanted, mark = from_json(topic.wanted), mark_of(now)
    if not is_by_date(wanted):
        _enter(topic, _first(topic, now), now=now, mark=mark)
        return
    parts = [_read(topic, one, Part(PAGE), now) for one in _orders(wanted)]
    there = list(dict.fromkeys(pk for part in parts for pk in part.pks))
    topic.is_whole = all(part.next is None for part in parts)
    topic.save(update_fields=["is_whole"])
    _enter(topic, there[: topic.size], now=now, mark=mark, others=there[topic.size :])


def reorder(topic: Topic, *, now: datetime) -> None:
    """Know what stands at the top of a list that was given another order: it is not new. Raises
    WordIndexError.
    """
    wanted = from_json(topic.wanted)
    if is_by_date(wanted):
        there = _read(topic, wanted, Part(PAGE), now).pks
        _enter(topic, [], now=now, mark="", others=there)


def note_due(*, now: datetime) -> int:
    """Look at the lists of all topics that may have changed since, and say how many papers came."""
    mark = mark_of(now)
    return sum(
        note_new(topic, now=now)
        for topic in Topic.objects.filter(stopped_at=None).order_by("noted_at", "pk")
        if is_due(topic, mark, now=now)
    )


def is_due(topic: Topic, mark: str, *, now: datetime) -> bool:
    """Whether the list may be another since it was looked at, with the mark of what there is. Pure.

    What is in a library changes without any mark.
    """
    wanted = from_json(topic.wanted)
    if is_by_date(wanted) and wanted.kind != LIBRARY:
        return topic.noted != mark
    until = topic.noted_at + PAUSE if topic.noted_at else None
    return has_come(until, now=now, longest=PAUSE)


def note_new(topic: Topic, *, now: datetime) -> int:
    """Enter the papers that came to the list of a topic and say how many: the best or newest of them has the
    highest number.

    Several workers at once enter each paper once.
    """
    mark = mark_of(now)
    try:
        coming = _coming(topic, now)
    except UnknownListError:
        # Nobody has that name now; a correction may bring it back.
        coming = []
    except WordIndexError:
        return 0
    return _enter(topic, coming, now=now, mark=mark)


def mark_of(now: datetime) -> str:
    """What lists by date are made of: with it, any of them may change."""
    state = (now.date(), reading.revision(), tallies.stamp(), last_commit(folder.index_folder()))
    return hashlib.blake2b(repr(state).encode(), digest_size=12).hexdigest()


def is_by_date(wanted: ListName) -> bool:
    """Whether all papers that come to the list are new in it, not only those that are at its top. Pure."""
    return wanted.kind in BY_DATE and wanted.order != RELEVANCE


def _coming(topic: Topic, now: datetime) -> list[int]:
    wanted = from_json(topic.wanted)
    if not is_by_date(wanted):
        return _first(topic, now)
    walked = (pk for one in _orders(wanted) for pk in _walked(topic, one, now))
    return list(dict.fromkeys(walked))


def _orders(wanted: ListName) -> Sequence[ListName]:
    """The list in its own order, and by when papers came in: what is new stands at the top of either."""
    if wanted.kind == LIBRARY:
        return (wanted,)
    by_arrival = replace(wanted, order=ADDED)
    return (wanted,) if wanted == by_arrival else (wanted, by_arrival)


def _first(topic: Topic, now: datetime) -> list[int]:
    wanted = from_json(topic.wanted)
    return _read(topic, wanted, Part(topic.size, is_told=bool(wanted.sense)), now).pks


def _read(topic: Topic, wanted: ListName, part: Part, now: datetime) -> Entries:
    """A part of the list of a topic, as everybody sees it, or of its owner's library."""
    viewer = Viewer(topic.owner) if wanted.kind == LIBRARY else None
    return lists.read(wanted, viewer, part, today=now.date())


def _walked(topic: Topic, wanted: ListName, now: datetime) -> Iterator[int]:
    """The papers that the topic does not know, from the top of the list to where it knows a whole part.

    Unless the topic knows all that was there when it was saved, whatever stands below as many known papers as
    it knew of the top of this order then, or nearly, was there, too: it may know others far below, which
    stood at the top of the other order.
    """
    pending: list[int] = []
    behind, most = 0, PAGE * 9 // 10
    after: str | None = ""
    for _ in range(MOST_PAGES):
        part = _read(topic, wanted, Part(PAGE, after=after or ""), now)
        known = _known(topic, part.pks)
        for pk in part.pks:
            if pk not in known:
                pending.append(pk)
                continue
            yield from pending
            pending.clear()
            behind += 1
            if behind >= most and not topic.is_whole:
                return
        after = part.next
        if after is None or len(known) == len(part.pks):
            break
    if topic.is_whole or after is not None:
        yield from pending


def _known(topic: Topic, papers: Collection[int]) -> set[int]:
    return set(TopicEntry.objects.filter(topic=topic, paper__in=papers).values_list("paper", flat=True))


@transaction.atomic
def _enter(
    topic: Topic, papers: Sequence[int], *, now: datetime, mark: str, others: Sequence[int] = ()
) -> int:
    """Enter those of the papers, the first with the highest number, that the topic does not know."""
    if papers or others:
        # Nobody merges papers meanwhile.
        locked_revision()
    last = Topic.objects.select_for_update().filter(pk=topic.pk).values_list("last", flat=True).first()
    if last is None:
        return 0
    new = [*reversed(_unknown(topic, papers))]
    rows = [
        TopicEntry(topic=topic, number=number, paper_id=pk, since=now)
        for number, pk in enumerate(new, last + 1)
    ]
    known = [TopicEntry(topic=topic, number=0, paper_id=pk, since=now) for pk in _unknown(topic, others)]
    TopicEntry.objects.bulk_create([*rows, *known], batch_size=PAGE)
    topic.last, topic.noted, topic.noted_at = last + len(new), mark, now
    Topic.objects.filter(pk=topic.pk).update(last=topic.last, noted=mark, noted_at=now)
    return len(new)


def _unknown(topic: Topic, papers: Sequence[int]) -> list[int]:
    there: set[int] = set()
    for part in portions(papers, PAGE):
        there |= set(Paper.objects.filter(pk__in=part).values_list("pk", flat=True)) - _known(topic, part)
    return [pk for pk in papers if pk in there]


def new_since(topic: Topic, number: int, *, limit: int) -> list[TopicEntry]:
    """The papers that came to a topic after that number, by rising numbers: its list the other way round.

    There may be more than `limit` of them, where a paper was split: what has the same number comes together.
    """
    rows = told(topic).filter(number__gt=number).order_by("number", "-paper")
    found = list(rows[:limit])
    if len(found) < limit:
        return found
    last = found[-1]
    return [*found, *rows.filter(number=last.number, paper__lt=last.paper_id)]
