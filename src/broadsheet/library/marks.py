"""What papers are to a person: saved, hidden, seen, tagged, noted; for a page of papers in two queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from broadsheet.accounts.access import Viewer
from broadsheet.library import seeing
from broadsheet.library.told import Past
from broadsheet.papers.tables import placeholders

# Each row is a kind, the key of a paper, a text and a number; `(papers)` stands for a list of keys.
# SQLite would rather look through the whole library in an index that has the states.
_MINE = """
SELECT 'saved', paper_id, state, 0 FROM library_saved WHERE id IN (
SELECT id FROM library_saved WHERE person_id = %s AND paper_id IN (papers))
UNION ALL SELECT 'tag', paper_id, name, 0 FROM library_tagged
JOIN library_saved ON library_saved.id = saved_id JOIN library_tag ON library_tag.id = tag_id
WHERE library_saved.person_id = %s AND paper_id IN (papers)
UNION ALL SELECT 'hidden', paper_id, '', 0 FROM library_hidden WHERE person_id = %s AND paper_id IN (papers)
UNION ALL SELECT 'note', paper_id, '', COUNT(*) FROM library_note
WHERE person_id = %s AND paper_id IN (papers) GROUP BY paper_id
"""
# Whether the papers were ever others.
_PAST = """
UNION ALL SELECT 'past', kept, '', 0 FROM papers_merge WHERE kept IN (papers)
UNION ALL SELECT 'past', other, '', 0 FROM library_parted WHERE other IN (papers)
UNION ALL SELECT 'past', paper, '', 0 FROM library_parted WHERE paper IN (papers)
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a paper is to a person. Without a `state` it is not saved; tags are by name."""

    state: str = ""
    is_hidden: bool = False
    is_seen: bool = False
    tags: tuple[str, ...] = ()
    notes: int = 0


NOTHING = Mark()


def of(viewer: Viewer, papers: Collection[int]) -> Mapping[int, Mark]:
    """What these papers are to the viewer; those that are nothing to them are left out.

    The SQL is ours: it is asked for each page of each reader.
    """
    if viewer.pk is None or not papers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            (_MINE + _PAST).replace("(papers)", f"({placeholders(papers)})"),
            [*[viewer.pk, *papers] * _MINE.count("(papers)"), *[*papers] * _PAST.count("(papers)")],
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT papers FROM library_seen WHERE person_id = %s", [viewer.pk])
        stored = cursor.fetchone()
    past = Past(papers if any(kind == "past" for kind, *_ in rows) else ())
    seen = seeing.among(stored[0], papers, past) if stored else set()
    return _marks(rows, seen)


def _marks(rows: Sequence[tuple[str, int, str, int]], seen: set[int]) -> dict[int, Mark]:
    said: dict[int, dict[str, Any]] = {paper: {"is_seen": True} for paper in seen}
    for kind, paper, text, number in rows:
        words = said.setdefault(paper, {}) if kind != "past" else {}
        match kind:
            case "saved":
                words["state"] = text
            case "tag":
                words["tags"] = (*words.get("tags", ()), text)
            case "hidden":
                words["is_hidden"] = True
            case "note":
                words["notes"] = number
    for words in said.values():
        words["tags"] = tuple(sorted(words.get("tags", ())))
    return {paper: Mark(**words) for paper, words in said.items()}
