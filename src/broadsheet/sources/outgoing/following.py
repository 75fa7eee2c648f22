"""What another instance reads that follows this one: the papers that changed, with all their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

import orjson

from broadsheet.papers import changes, name_words, past_texts
from broadsheet.papers.catalogue import in_order
from broadsheet.papers.changes import Change, Cursor
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import SourceRecord
from broadsheet.papers.neighbours import names_of

# In bytes, so that whoever asks need not take more at once than it can hold.
LARGEST_PAGE = 8 << 20


def page(cursor: str, *, limit: int) -> dict[str, Any]:
    """The next changes after a cursor that an answer before gave as `next`, or a number, 0 for the beginning.

    Each of the `changes` has the paper's `id`, the `number` of its change, and whether it is `gone`: then its
    records come with the paper that they are part of now. Any other has its `records` and, where there are
    any, `old_texts` and other `names`, as an export has them. `name_words` are what curators said of the
    names that these papers print: with each such word they change. `more` says that there is more already.
    All is for orjson to write: the changes are JSON already. Raises CursorError.
    """
    found = changes.since(Cursor.parse(cursor), limit=limit)
    papers = _papers([one.pk for one in found.items if one.pk is not None])
    # One that became part of another paper while we looked comes again, as gone.
    there = [one for one in found.items if one.pk is None or one.pk in papers]
    fitting = list(_fitting(_written(one, papers) for one in there))
    following, is_cut = found.next, len(fitting) < len(there)
    if is_cut:
        last = there[len(fitting) - 1]
        following = Cursor(last.number, last.public_id)
    sent = [one.pk for one in there[: len(fitting)] if one.pk is not None]
    return {
        "changes": [orjson.Fragment(one) for one in fitting],
        "name_words": [word.as_json() for word in name_words.of_papers(sent)],
        "next": str(following),
        "more": found.has_more or is_cut,
    }


def _written(one: Change, papers: Mapping[int | None, dict[str, Any]]) -> bytes:
    paper = papers.get(one.pk, {})
    return orjson.dumps({"id": one.public_id, "number": one.number, "gone": one.pk is None} | paper)


def _fitting(written: Iterable[bytes]) -> Iterator[bytes]:
    """As many as are not more than LARGEST_PAGE together; one at least."""
    total = 0
    for one in written:
        total += len(one)
        if total > LARGEST_PAGE and total > len(one):
            return
        yield one


class _Stored(NamedTuple):
    """A record as it is stored; its `content` is JSON, which parsed would take many times the memory."""

    source: str
    key: str
    content: str


def _papers(pks: list[int]) -> dict[int | None, dict[str, Any]]:
    """What is to be known of each paper."""
    stored: dict[int, list[_Stored]] = defaultdict(list)
    rows = SourceRecord.objects.filter(paper__in=pks).order_by("source", "key")
    for pk, *record in rows.values_list("paper_id", "source", "key", "content"):
        stored[pk].append(_Stored(*record))
    old = past_texts.of_keys({(one.source, one.key) for records in stored.values() for one in records})
    names = names_of(stored)
    return {pk: _paper(records, old, names[pk]) for pk, records in stored.items()}


def _paper(records: list[_Stored], old: past_texts.OfRecords, names: set[Identifier]) -> dict[str, Any]:
    old_texts = [
        {"source": one.source, "key": one.key, **asdict(text), "replaced_at": text.replaced_at.isoformat()}
        for one in records
        for text in old.get((one.source, one.key), ())
    ]
    others = in_order(names)[1:]
    paper: dict[str, Any] = {"records": [orjson.Fragment(one.content) for one in records]}
    return (
        paper
        | ({"old_texts": old_texts} if old_texts else {})
        | ({"names": [name.public_id for name in others]} if others else {})
    )
