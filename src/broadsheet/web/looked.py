"""What a list says to its reader of what came since they looked through it: a line with a form, and marks.

A list has a hole for the line whose name is this kind and the address of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import get_template

from broadsheet.accounts.access import Viewer
from broadsheet.daily import list_names
from broadsheet.http.holes import READER, Key
from broadsheet.library import looking
from broadsheet.web.naming import list_at

KIND = "looked"
NEW = '<li class="fresh">New since you looked</li>'


def of(keys: Sequence[Key], viewer: Viewer, filled: Mapping[Key, str]) -> dict[Key, str]:
    """The line of the list that a page is of, and the papers on it that are new, with a mark each."""
    hole = next((key for key in keys if isinstance(key, str) and key.startswith(f"{KIND} ")), None)
    if hole is None or viewer.pk is None:
        return {}
    address = hole.partition(" ")[2]
    look = looking.last_look(viewer, list_names.key(list_at(address)))
    papers = [key for key in keys if isinstance(key, int) and key != READER]
    new = looking.new_among(look, papers)
    line = get_template("looked.html").render(
        {"address": address, "look": look, "new": [paper for paper in papers if paper in new]}
    )
    return {hole: line, **{paper: filled.get(paper, "") + NEW for paper in new}}
