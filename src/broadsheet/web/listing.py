"""How pages, feeds and files read a list, and where it has its page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone

from broadsheet.daily import lists, periods
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.daily.ranking import WEEK
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
    papers = reading.rows(found.pks, counted=False)
    return page(request, template, within=found.name, subject=found.subject, papers=papers, pages=pages)


def named_list(request: HttpRequest, kind: str, name: str) -> ListName:
    """The list of that kind that an address names: a search by its `?q=`, a trend by its `?over=`."""
    if kind == "search":
        return ListName(kind, request.GET.get("q", ""))
    return trend(request) if kind == "trending" else ListName(kind, name)


def trend(request: HttpRequest) -> ListName:
    """The trend that is asked for: `?over=` a day, a week or a month, `?as_of=` a past day.

    Raises Http404.
    """
    over, said = request.GET.get("over", ""), request.GET.get("as_of", "")
    as_of = periods.parse_period("day", said) if said else None
    if said and as_of is None:
        raise Http404("There is no such day.")
    return ListName("trending", "" if over == WEEK else over, as_of=as_of.first if as_of else None)


def trend_query(of: ListName) -> str:
    """What follows the address of trends for that one: `over=day`, or nothing."""
    said = {"over": of.name, "as_of": of.as_of.isoformat() if of.as_of else ""}
    return urlencode({name: value for name, value in said.items() if value})


def list_page(of: ListName) -> str:
    """The path, and for a search the query, of the page that shows the list."""
    if of.kind == "latest":
        return reverse("front")
    if of.kind == "search":
        return reverse("search") + (f"?{urlencode({'q': of.name})}" if of.name else "")
    if of.kind == "trending":
        return reverse("trending") + (f"?{trend_query(of)}" if of.name or of.as_of else "")
    return reverse(of.kind, args=[of.name] if of.name else [])
