"""How pages, feeds and files read a list, and where it has its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.daily import lists, topics
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.daily.kinds.search import NEWEST, RELEVANCE
from broadsheet.daily.kinds.topic import TOPIC
from broadsheet.http.paging import Pages, pages_or_404, requested_page
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import reading
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page
from broadsheet.web.viewing import in_view

LONGEST_NUMBER = 18
Reader: TypeAlias = Callable[..., HttpResponse]


def read_or_404(wanted: ListName, part: Part, viewer: Viewer = NOBODY) -> Entries:
    """The part of the list as the viewer sees it. Raises Http404, and WordIndexError, which is 503."""
    try:
        return lists.read(wanted, viewer, part, today=timezone.now().date())
    except UnknownListError as problem:
        raise Http404(str(problem)) from None


def read_for(request: HttpRequest, wanted: ListName, part: Part) -> Entries:
    """The part of the list as whoever asks for its page sees it. Raises Http404 and WordIndexError."""
    found = read_or_404(wanted, part, viewer_of(request))
    note_hidden(request, found.hidden)
    return found


def note_hidden(request: HttpRequest, hidden: int) -> None:
    """Have the page say how many papers its reader does not see."""
    request.hidden = hidden  # type: ignore[attr-defined]


def read_page(request: HttpRequest, wanted: ListName, *, size: int) -> tuple[Entries, Pages]:
    """The page of the list that `?page=` asks for. Raises Http404."""
    number = requested_page(request)
    found = read_for(request, wanted, Part(limit=size, offset=(number - 1) * size))
    return found, pages_or_404(number, size=size, total=found.total)


def show(request: HttpRequest, wanted: ListName, template: str) -> HttpResponse:
    """The page of the list that `?page=` asks for; another name of the list leads on. Raises Http404."""
    found, pages = read_page(request, wanted, size=page_settings().page_size)
    if found.name != wanted:
        return HttpResponsePermanentRedirect(list_page(found.name))
    papers = reading.rows(found.pks, counted=False)
    return page(
        request,
        template,
        within=found.name,
        subject=found.subject,
        papers=papers,
        pages=pages,
        view=in_view(request, found.total),
    )


def trend_query(of: ListName) -> str:
    """What follows the address of trends for that one: `over=day`, or nothing."""
    said = {"over": of.name, "as_of": of.as_of.isoformat() if of.as_of else ""}
    return urlencode({name: value for name, value in said.items() if value})


def since_in(request: HttpRequest, kind: str, name: str) -> str:
    """The cursor after which papers are wanted: of a topic, that of the number in `?since=`. Raises Http404
    where it is none.
    """
    said = request.GET.get("since", "") if kind == TOPIC else ""
    if said and not (said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER):
        raise Http404("What came since is asked for by a number of the topic.")
    return topics.since(name, int(said)) if said else ""


def for_whom(for_everybody: Reader, for_one: Reader, kind: str, name: str) -> Reader:
    """Who answers for a list: that of a topic which is not for everybody is kept by nobody, and found by no
    search engine.
    """
    if kind != TOPIC or topics.is_public(name):
        return for_everybody

    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        response = for_one(request, **named)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def live_page(of: ListName) -> str:
    """The page that shows the list in its order, with its other examples and its sense."""
    if of.kind == LIBRARY:
        return list_page(of)
    order = "" if of.order == RELEVANCE else of.order or NEWEST
    said = {"sort": order if of.kind == "search" else "", "sense": of.sense, "and": of.like, "not": of.unlike}
    query = urlencode({name: value for name, value in said.items() if value}, doseq=True)
    page_ = list_page(of)
    return f"{page_}{'&' if '?' in page_ else '?'}{query}" if query else page_


def list_page(of: ListName) -> str:
    """The path, and for a search the query, of the page that shows the list."""
    if of.kind == "latest":
        return reverse("front")
    if of.kind == "search":
        return reverse("search") + (f"?{urlencode({'q': of.name})}" if of.name else "")
    if of.kind == LIBRARY:
        said = {"q": of.name, "sort": of.order}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('library')}?{query}".removesuffix("?")
    if of.kind == "trending":
        return reverse("trending") + (f"?{trend_query(of)}" if of.name or of.as_of else "")
    return reverse(of.kind, args=[of.name] if of.name else [])
