"""Authors and organizations: the papers of each, newest first."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.daily.entries import ListName
from broadsheet.http.keeping import LISTS, UNCHANGED, kept
from broadsheet.papers import marks, reading
from broadsheet.web.listing import show
from broadsheet.web.templating import page
from broadsheet.web.viewing import kept_list

ORGANIZATIONS_LISTED = 500


@require_safe
@kept_list(seconds=UNCHANGED, reads=("page",), shows=marks.lately)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an author; an old address leads on."""
    return show(request, ListName("author", slug), "person.html")


@require_safe
@kept_list(seconds=UNCHANGED, reads=("page",), shows=marks.lately)
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an organization; another spelling of its address leads on."""
    return show(request, ListName("organization", slug), "person.html")


@require_safe
@kept(seconds=LISTS)
def organizations(request: HttpRequest) -> HttpResponse:
    """The organizations with the most papers; those of one name show what tells them apart."""
    listed = reading.organizations(ORGANIZATIONS_LISTED)
    times = Counter(name.name for name, _ in listed)
    shared = {name for name, count in times.items() if count > 1}
    return page(request, "organizations.html", organizations=listed, shared=shared)
