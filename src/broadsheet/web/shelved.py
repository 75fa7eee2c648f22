"""What is a reader's own beside a paper, as it fills the holes of its page: state, tags, private notes."""

from __future__ import annotations

from django.template.loader import get_template
from markupsafe import Markup

from broadsheet.accounts.access import Viewer
from broadsheet.community.rendering import render
from broadsheet.library import marks, notes, own, tagging, taking
from broadsheet.library.models import TAG_LENGTH
from broadsheet.papers import tables

STATES = {state: words.capitalize() for state, words in taking.STATES.items()}


def bar(pk: int, viewer: Viewer) -> str:
    """The states of a paper as a menu beside the button that saves it, which leads a stranger in."""
    public_id = _public_id(pk)
    if not public_id or viewer.pk is None:
        return ""
    mark = marks.of(viewer, [pk]).get(pk, marks.NOTHING)
    return get_template("shelf.html").render({"public_id": public_id, "mark": mark, "states": STATES})


def beside(pk: int, viewer: Viewer) -> str:
    """The tags and notes of a paper, which nobody else sees."""
    public_id = _public_id(pk)
    if not public_id or viewer.pk is None:
        return ""
    kept = own.details(viewer.pk, [pk]).get(pk, own.Kept())
    return get_template("noting.html").render(
        {
            "public_id": public_id,
            "kept": kept,
            "states": STATES,
            # What renders a note leaves nothing in it that is not safe.
            "notes": [(note, Markup(render(note.source))) for note in kept.notes],  # noqa: S704
            "known": [tag.name for tag in tagging.mine(viewer)],
            "longest": notes.LONGEST,
            "longest_tag": TAG_LENGTH,
        }
    )


def _public_id(pk: int) -> str:
    known = tables.papers([pk], ["public_id"])
    return str(known[0][1]) if known else ""
