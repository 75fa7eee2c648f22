"""What another instance reads that follows this one: the papers that changed, with all their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson

from broadsheet.papers import changes, past_texts
from broadsheet.papers.catalogue import known_here, names_of
from broadsheet.papers.changes import Cursor
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import SourceRecord


def page(cursor: str, *, limit: int) -> dict[str, Any]:
    """The next changes after a cursor that an answer before gave as `next`, or a number, 0 for the beginning.

    Each of the `changes` has the paper's `id`, the `number` of its change, and whether it is `gone`: then its
    records come with the paper that they are part of now. Any other has its `records` and, where there are
    any, `old_texts` and past `names`, as an export has them. `more` says that there is more already. All is
    plain JSON. Raises CursorError.
    """
    found = changes.since(Cursor.parse(cursor), limit=limit)
    papers = _papers([one.pk for one in found.items if one.pk is not None])
    return {
        "changes": [
            {
                "id": one.public_id,
                "number": one.number,
                "gone": one.pk is None,
                **(papers[one.pk] if one.pk is not None else {}),
            }
            for one in found.items
            # One that became part of another paper while we looked comes again, as gone.
            if one.pk is None or one.pk in papers
        ],
        "next": str(found.next),
        "more": found.has_more,
    }


def _papers(pks: list[int]) -> dict[int, dict[str, Any]]:
    """What is to be known of each paper, in three queries."""
    records: dict[int, list[dict[str, Any]]] = defaultdict(list)
    stored = SourceRecord.objects.filter(paper__in=pks).order_by("source", "key")
    for pk, content in stored.values_list("paper_id", "content"):
        records[pk].append(orjson.loads(content))
    old = past_texts.of_keys({_key(one) for several in records.values() for one in several})
    names = names_of(records)
    return {pk: _paper(several, old, names[pk]) for pk, several in records.items()}


def _paper(
    records: list[dict[str, Any]], old: past_texts.OfRecords, names: set[Identifier]
) -> dict[str, Any]:
    old_texts = [
        {"source": source, "key": key, **asdict(text), "replaced_at": text.replaced_at.isoformat()}
        for source, key in map(_key, records)
        for text in old.get((source, key), ())
    ]
    past = [name.public_id for name in known_here(names, map(_identifiers, records))[1:]]
    paper: dict[str, Any] = {"records": records}
    return paper | ({"old_texts": old_texts} if old_texts else {}) | ({"names": past} if past else {})


def _key(record: dict[str, Any]) -> tuple[str, str]:
    return record["source"], record["key"]


def _identifiers(record: dict[str, Any]) -> Iterable[Identifier]:
    return (Identifier(**one) for one in record.get("identifiers", ()))
