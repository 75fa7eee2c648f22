"""What another instance reads that follows this one: the papers that changed, with all their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import orjson

from broadsheet.papers import changes, past_texts
from broadsheet.papers.catalogue import known_here, names_of
from broadsheet.papers.changes import Change, Cursor
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import SourceRecord

# In characters of JSON, so that whoever asks need not take more at once than it can hold.
LARGEST_PAGE = 8 << 20


def page(cursor: str, *, limit: int) -> dict[str, Any]:
    """The next changes after a cursor that an answer before gave as `next`, or a number, 0 for the beginning.

    Each of the `changes` has the paper's `id`, the `number` of its change, and whether it is `gone`: then its
    records come with the paper that they are part of now. Any other has its `records` and, where there are
    any, `old_texts` and past `names`, as an export has them. `more` says that there is more already. All is
    for orjson to write: records are JSON already. Raises CursorError.
    """
    found = changes.since(Cursor.parse(cursor), limit=limit)
    contents = _contents([one.pk for one in found.items if one.pk is not None])
    # One that became part of another paper while we looked comes again, as gone.
    there = [one for one in found.items if one.pk is None or one.pk in contents]
    fitting = _fitting(there, contents)
    following = (
        found.next if len(fitting) == len(there) else Cursor(fitting[-1].number, fitting[-1].public_id)
    )
    papers = _papers({one.pk: contents[one.pk] for one in fitting if one.pk is not None})
    return {
        "changes": [
            {"id": one.public_id, "number": one.number, "gone": one.pk is None, **papers.get(one.pk, {})}
            for one in fitting
        ],
        "next": str(following),
        "more": found.has_more or following != found.next,
    }


class _Stored(NamedTuple):
    """A record as it is stored; its `content` is JSON, which parsed would take many times the memory."""

    source: str
    key: str
    content: str


def _contents(pks: list[int]) -> dict[int | None, list[_Stored]]:
    """The records of each paper."""
    contents: dict[int | None, list[_Stored]] = defaultdict(list)
    stored = SourceRecord.objects.filter(paper__in=pks).order_by("source", "key")
    for pk, *record in stored.values_list("paper_id", "source", "key", "content"):
        contents[pk].append(_Stored(*record))
    return contents


def _fitting(found: Sequence[Change], contents: Mapping[int | None, list[_Stored]]) -> Sequence[Change]:
    """As many as are not more than LARGEST_PAGE together; one at least."""
    total = 0
    for place, one in enumerate(found):
        total += sum(len(record.content) for record in contents.get(one.pk, ()))
        if total > LARGEST_PAGE and place:
            return found[:place]
    return found


def _papers(contents: Mapping[int | None, list[_Stored]]) -> dict[int | None, dict[str, Any]]:
    """What is to be known of each paper."""
    old = past_texts.of_keys({(one.source, one.key) for records in contents.values() for one in records})
    names = names_of([pk for pk in contents if pk is not None])
    return {pk: _paper(records, old, names[pk]) for pk, records in contents.items() if pk is not None}


def _paper(records: list[_Stored], old: past_texts.OfRecords, names: set[Identifier]) -> dict[str, Any]:
    old_texts = [
        {"source": one.source, "key": one.key, **asdict(text), "replaced_at": text.replaced_at.isoformat()}
        for one in records
        for text in old.get((one.source, one.key), ())
    ]
    # Most papers have one name, and none is a past one.
    past = known_here(names, map(_identifiers, records))[1:] if len(names) > 1 else ()
    paper: dict[str, Any] = {"records": [orjson.Fragment(one.content) for one in records]}
    return (
        paper
        | ({"old_texts": old_texts} if old_texts else {})
        | ({"names": [name.public_id for name in past]} if past else {})
    )


def _identifiers(record: _Stored) -> Iterable[Identifier]:
    return (Identifier(**one) for one in orjson.loads(record.content).get("identifiers", ()))
