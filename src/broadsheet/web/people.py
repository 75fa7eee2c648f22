"""Authors and organizations: the papers of each, newest first."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from broadsheet.daily.entries import ListName
from broadsheet.http.keeping import LISTS, kept
from broadsheet.papers import reading
from broadsheet.papers.reading import Name
from broadsheet.web import counts
from broadsheet.web.listing import list_page, read_page
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page

ORGANIZATIONS_LISTED = 500


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an author; an old address leads on."""
    return _list(request, ListName("author", slug))


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an organization; another spelling of its address leads on."""
    return _list(request, ListName("organization", slug))


@require_safe
@kept(seconds=LISTS)
def organizations(request: HttpRequest) -> HttpResponse:
    """The organizations with the most papers; those of one name show what tells them apart."""
    listed = reading.organizations(ORGANIZATIONS_LISTED)
    times = Counter(name.name for name, _ in listed)
    shared = {name for name, count in times.items() if count > 1}
    return page(request, "organizations.html", organizations=listed, shared=shared)


def _list(request: HttpRequest, asked: ListName) -> HttpResponse:
    found, pages = read_page(request, asked, size=page_settings().page_size)
    if found.name != asked:
        return HttpResponsePermanentRedirect(list_page(found.name))
    return page(
        request,
        "person.html",
        name=Name(found.name.name, found.subject),
        kind=asked.kind.capitalize(),
        within=found.name,
        papers=reading.rows(found.pks),
        pages=pages,
    )
