"""What people take with them when they leave; it goes with them by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from broadsheet.accounts import exporting
from broadsheet.accounts.models import Person
from broadsheet.library import told
from broadsheet.library.models import (
    Follow,
    Hidden,
    Ignored,
    ListFeed,
    Looked,
    Note,
    Saved,
    Seen,
    Tagged,
    Undo,
    Upload,
)
from broadsheet.papers.models import Paper


def _saved(person: Person) -> Iterator[Mapping[str, Any]]:
    tags: dict[int, list[str]] = defaultdict(list)
    tagged = Tagged.objects.filter(saved__person=person).order_by("tag__name")
    for saved, tag in tagged.values_list("saved", "tag__name"):
        tags[saved].append(tag)
    columns = ("named", "state", "saved_at", "via", "parts")
    for pk, *row in Saved.objects.filter(person=person).values_list("pk", *columns):
        yield dict(zip(columns, row, strict=True)) | {"tags": tags.get(pk, [])}


def _seen(person: Person) -> Iterator[Mapping[str, Any]]:
    """The papers by their names of now; keys alone of those that became part of others."""
    for row in Seen.objects.filter(person=person):
        keys = told.unpacked(row.papers)
        names = dict(Paper.objects.filter(pk__among=keys).values_list("pk", "public_id"))
        yield {"is_left_out": row.is_left_out, "papers": [names.get(key, key) for key in keys]}


exporting.files.update(
    {
        "follows": lambda person: Follow.objects.filter(person=person).values("kind", "name", "since"),
        "left-out": lambda person: Ignored.objects.filter(person=person).values("kind", "value", "since"),
        "list-feeds": lambda person: ListFeed.objects.filter(person=person).values(
            "name", "wanted", "made_at"
        ),
        "saved": _saved,
        "hidden": lambda person: Hidden.objects.filter(person=person).values("named", "at", "parts"),
        "seen": _seen,
        "looked-through": lambda person: Looked.objects.filter(person=person).values("name", "at"),
        "notes": lambda person: Note.objects.filter(person=person).values(
            "named", "source", "written_at", "edited_at"
        ),
        "file-to-bring-in": lambda person: Upload.objects.filter(person=person).values("name", "wish", "at"),
        "can-be-undone": lambda person: Undo.objects.filter(person=person).values("verb", "at"),
    }
)
