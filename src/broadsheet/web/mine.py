"""What a paper in a list is to its reader: the words and forms that fill its hole "mine"."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import escape

from broadsheet.accounts.access import Viewer
from broadsheet.http.holes import Key
from broadsheet.library import marks
from broadsheet.library.marks import NOTHING, Mark
from broadsheet.papers import tables
from broadsheet.web.addresses import address_of_paper

STATES = {"to_read": "To read", "reading": "Reading", "read": "Read", "set_aside": "Set aside"}


def of(keys: Iterable[str], viewer: Viewer) -> dict[Key, str]:
    """What fills the holes of these keys, `mine` and the key of a paper: nothing for a stranger."""
    papers = {int(key.partition(" ")[2]): key for key in keys}
    if viewer.pk is None or not papers:
        return {}
    mine = marks.of(viewer, papers)
    return {
        papers[pk]: _html(public_id, title or "this paper", mine.get(pk, NOTHING))
        for pk, public_id, title, _ in tables.tallied(papers)
    }


def _html(public_id: str, title: str, mark: Mark) -> str:
    """The states of the row as classes, in words, and a form for each act."""
    said = [STATES[mark.state]] if mark.state else []
    said += ["Hidden"] if mark.is_hidden else []
    said += [f"#{tag}" for tag in mark.tags]
    states = " ".join(
        name
        for name, stands in (("saved", mark.state), ("hidden", mark.is_hidden), ("seen", mark.is_seen))
        if stands
    )
    unseen = f'<span class="unseen"> {escape(title)}</span>'
    save = ("", "Unsave") if mark.state else ("to_read", "Save")
    hide = ("no", "Show again") if mark.is_hidden else ("yes", "Hide")
    return (
        f'<span class="mine {states}">{escape(", ".join(said))}</span>'
        + _form(public_id, "save", "state", save, unseen)
        + _form(public_id, "hide", "stands", hide, unseen)
    )


def _form(public_id: str, act: str, name: str, said: tuple[str, str], unseen: str) -> str:
    value, words = said
    return (
        f'<form method="post" data-act="{act}" action="{escape(address_of_paper(public_id, act))}">'
        f'<input type="hidden" name="{name}" value="{value}">'
        f'<button type="submit">{words}{unseen}</button></form>'
    )
