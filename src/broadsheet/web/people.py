"""Authors and organizations: the papers of each, newest first."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.papers import authors, reading
from broadsheet.papers.models import Paper
from broadsheet.web import counts
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page

ORGANIZATIONS_LISTED = 500
Found = TypeVar("Found")


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an author; an old address leads on."""
    name = _found(authors.author(slug), "There is no author at this address.")
    if name.slug != slug:
        return HttpResponsePermanentRedirect(reverse("author", args=[name.slug]))
    return _list(request, name, reading.papers_of_author(slug), kind="Author")


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of an organization; another spelling of its address leads on."""
    name = _found(authors.organization(slug), "There is no organization at this address.")
    if name.slug != slug:
        return HttpResponsePermanentRedirect(reverse("organization", args=[name.slug]))
    return _list(request, name, reading.papers_of_organization(slug), kind="Organization")


@require_safe
@kept(seconds=LISTS)
def organizations(request: HttpRequest) -> HttpResponse:
    """The organizations with the most papers."""
    return page(request, "organizations.html", organizations=reading.organizations(ORGANIZATIONS_LISTED))


def _list(request: HttpRequest, name: reading.Name, papers: QuerySet[Paper], *, kind: str) -> HttpResponse:
    number, size = requested_page(request), page_settings().page_size
    pages = pages_or_404(number, size=size, total=papers.count())
    pks = list(papers.values_list("pk", flat=True)[(number - 1) * size : number * size])
    return page(request, "person.html", name=name, kind=kind, papers=reading.rows(pks), pages=pages)


def _found(name: Found | None, otherwise: str) -> Found:
    if name is None:
        raise Http404(otherwise)
    return name
