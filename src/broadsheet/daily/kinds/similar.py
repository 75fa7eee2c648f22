"""The papers most like one, or like several and unlike others, the closest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from broadsheet.daily.entries import Found, Key, ListName, Row, Span, UnknownListError, in_memory
from broadsheet.papers import reading
from broadsheet.papers.known_as import known_as, why_unknown
from broadsheet.search import finding
from broadsheet.search.finding import MOST_EXAMPLES
from broadsheet.search.fusion import Hit

# Any paper is more or less like any other: so many of the closest make a list.
LISTED = 200


def similar(wanted: ListName, span: Span, today: date) -> Found:
    """The papers like one, which is called by any of its names, and like and unlike the other examples."""
    del today
    if max(len(wanted.like), len(wanted.unlike)) > MOST_EXAMPLES:
        raise UnknownListError(f"No more than {MOST_EXAMPLES} papers of each kind can be examples.")
    known = known_as((wanted.name, *wanted.like, *wanted.unlike), "pk", "public_id")
    liked = _papers((wanted.name, *wanted.like), known)
    disliked = _papers(wanted.unlike, known)
    if liked.keys() & disliked.keys():
        raise UnknownListError("A paper cannot be an example for and against the same thing.")
    hits = finding.similar(list(liked), unlike=list(disliked), limit=LISTED)
    rows, total = in_memory(sorted(hits, key=_key), _key, _row)(span)
    pk, public_id = known[wanted.name]
    subject = reading.bare_rows([pk])[0].text.title
    return Found(
        ListName("similar", public_id, like=tuple(liked.values())[1:], unlike=tuple(disliked.values())),
        subject,
        f"Papers similar to {subject}",
        f"The research papers most like {subject}, the closest first.",
        rows,
        total,
        liked=tuple(liked),
        disliked=tuple(disliked),
    )


def _papers(names: Sequence[str], known: Mapping[str, tuple[Any, ...]]) -> dict[int, str]:
    """The papers of these names by their keys, each once, with the name that each has here."""
    for name in names:
        if name not in known:
            raise UnknownListError(why_unknown(name))
    return {pk: public_id for pk, public_id, *_ in map(known.__getitem__, names)}


def _key(hit: Hit) -> Key:
    return -hit.score, hit.paper_pk


def _row(hit: Hit) -> Row:
    return Row(_key(hit), hit.paper_pk, score=hit.score, hit=hit)
