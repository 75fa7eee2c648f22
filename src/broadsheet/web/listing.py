"""How pages, feeds and files read a list, and where it has its page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone

from broadsheet.daily import lists
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.http.paging import Pages, pages_or_404, requested_page
from broadsheet.papers import reading
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page


def read_or_404(wanted: ListName, part: Part) -> Entries:
    """The part of the list as everybody sees it. Raises Http404, and WordIndexError, which is 503."""
    try:
        return lists.read(wanted, None, part, today=timezone.now().date())
    except UnknownListError as problem:
        raise Http404(str(problem)) from None


def read_page(request: HttpRequest, wanted: ListName, *, size: int) -> tuple[Entries, Pages]:
    """The page of the list that `?page=` asks for. Raises Http404."""
    number = requested_page(request)
    found = read_or_404(wanted, Part(limit=size, offset=(number - 1) * size))
    return found, pages_or_404(number, size=size, total=found.total)


def show(request: HttpRequest, wanted: ListName, template: str) -> HttpResponse:
    """The page of the list that `?page=` asks for; another name of the list leads on. Raises Http404."""
    found, pages = read_page(request, wanted, size=page_settings().page_size)
    if found.name != wanted:
        return HttpResponsePermanentRedirect(list_page(found.name))
    papers = reading.rows(found.pks)
    return page(request, template, within=found.name, subject=found.subject, papers=papers, pages=pages)


def list_page(of: ListName) -> str:
    """The path, and for a search the query, of the page that shows the list."""
    if of.kind == "latest":
        return reverse("front")
    if of.kind == "search":
        return reverse("search") + (f"?{urlencode({'q': of.name})}" if of.name else "")
    return reverse(of.kind, args=[of.name] if of.name else [])
