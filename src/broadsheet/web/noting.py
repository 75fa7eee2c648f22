"""The forms of what is a reader's own beside a paper: tags and private notes."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from broadsheet.accounts.access import Viewer
from broadsheet.library import notes, tagging
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import marking
from broadsheet.web.forms import NO, only_posted
from broadsheet.web.papers import find_or_404


@never_cache
@only_posted
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """Give the paper a tag, which saves it, or take the tag away."""
    paper, public_id = find_or_404(name)
    does = tagging.untag if request.POST.get("stands") == NO else tagging.tag
    papers, tags = {paper: with_scheme(public_id)}, [request.POST.get("tag", "")]
    return marking.on_row(request, paper, public_id, lambda viewer, now: does(viewer, papers, tags, now=now))


@never_cache
@only_posted
def note(request: HttpRequest, name: str) -> HttpResponse:
    """Write a note about the paper."""
    paper, public_id = find_or_404(name)
    text, named = request.POST.get("text", ""), with_scheme(public_id)
    return marking.on_row(
        request, paper, public_id, lambda viewer, now: notes.write(viewer, paper, named, text, now=now)
    )


@never_cache
@only_posted
def change_note(request: HttpRequest, name: str, note: int) -> HttpResponse:
    """Write a note of the reader's otherwise, or delete it."""
    paper, public_id = find_or_404(name)
    text, is_deleted = request.POST.get("text", ""), request.POST.get("do") == "delete"

    def act(viewer: Viewer, now: datetime) -> None:
        if is_deleted:
            notes.delete(viewer, note, now=now)
        else:
            notes.edit(viewer, note, text, now=now)

    return marking.on_row(request, paper, public_id, act)
