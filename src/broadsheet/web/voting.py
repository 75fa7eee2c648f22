"""The form of a vote: it says that the vote shall stand or not, and goes back to where it was pressed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from broadsheet.daily import votes
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web.forms import NO, only_posted
from broadsheet.web.marking import on_row
from broadsheet.web.papers import find_or_404


@never_cache
@only_posted
def vote(request: HttpRequest, name: str) -> HttpResponse:
    """Cast or withdraw the reader's vote for a paper; whoever is a stranger is shown the way in."""
    paper, public_id = find_or_404(name)
    does = votes.withdraw if request.POST.get("stands") == NO else votes.cast
    named = with_scheme(public_id)
    return on_row(request, paper, public_id, lambda viewer, now: does(viewer, paper, named, now=now))
