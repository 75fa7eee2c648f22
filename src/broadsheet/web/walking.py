"""The list that a paper was opened from: its neighbours there, and the way back.

The page of a paper says it for this one answer. The link to the next paper names the list and the place; for
the first paper that is opened, the browser names the page that it came from. Nothing of it is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, QueryDict
from django.template.loader import get_template
from django.utils import timezone

from broadsheet.daily import lists
from broadsheet.daily.entries import UNCOUNTED, Entry, ListName, Part, UnknownListError
from broadsheet.daily.kinds.search import RELEVANCE
from broadsheet.daily.wording import short_day
from broadsheet.http.holes import Key
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import reading, tables
from broadsheet.search.word_index.lexical import WordIndexError
from broadsheet.web import searching
from broadsheet.web.acting import came_from
from broadsheet.web.addresses import address_of_paper
from broadsheet.web.naming import list_at
from broadsheet.web.settings import page_settings

# The hole for it, and the parameters that name the list, by the address of its page, and the place in it.
HOLE = "walk"
LIST, PLACE = "of", "at"
LONGEST = 2_000
# Papers may have come in above since: so many places up and down are looked at.
SLIPPED = 12
MOST_FIGURES = 10
# The kinds of lists whose first paper is the best by votes.
RANKED = ("day", "week", "month", "latest", "trending", "discussed", "undiscovered")


@dataclass(frozen=True, slots=True)
class Step:
    """A paper of the list: where its page is, and its place."""

    href: str
    place: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a paper stands in the list that it was opened from, of `total` papers unless nobody counts."""

    title: str
    back: str
    place: int
    total: int | None
    is_ranked: bool
    before: Step | None
    after: Step | None


def beside(request: HttpRequest) -> Mapping[Key, str]:
    """What fills the hole on the page of a paper that was opened from a list; nothing where it was not."""
    match = request.resolver_match
    walk = _walk(request, match.kwargs.get("name", "")) if match else None
    return {HOLE: get_template("walk.html").render({"walk": walk})} if walk else {}


def _walk(request: HttpRequest, name: str) -> Walk | None:
    asked, place = request.GET.get(LIST, ""), _number(request.GET.get(PLACE, ""))
    if bool(asked) != bool(place):
        return None
    try:
        of = urlsplit(asked or came_from(request))
        if not of.path or of.netloc or len(of.query) > LONGEST:
            return None
        query = _without_page(of.query)
        wanted = _in_its_order(list_at(f"{of.path}?{query}"), QueryDict(query))
        part = _around(place) if asked else _page(wanted, QueryDict(of.query))
        found = lists.read(wanted, viewer_of(request), part, today=timezone.now().date())
    except (Http404, UnknownListError, WordIndexError, ValueError):
        return None
    paper = reading.resolve(name)
    at = [row for row, entry in enumerate(found.entries) if paper and entry.pk == paper[0]]
    if not at:
        return None
    here = f"{of.path}?{query}".removesuffix("?")
    entry, neighbours = found.entries[at[0]], _steps(found.entries, at[0], here)
    return Walk(
        title=_title(found.name, found.title),
        back=_back(here, entry, _size(wanted)),
        place=entry.place,
        total=None if found.total == UNCOUNTED else found.total,
        is_ranked=wanted.kind in RANKED,
        before=neighbours[0],
        after=neighbours[1],
    )


def _title(of: ListName, title: str) -> str:
    return short_day(date.fromisoformat(of.name)) if of.kind == "day" else title


def _in_its_order(wanted: ListName, asked: QueryDict) -> ListName:
    """The list in the order of its page, of which a search has its own."""
    order = asked.get("sort", "")
    if wanted.kind == "search":
        order = order or RELEVANCE
    return replace(wanted, order=order, sense=asked.get("sense", ""))


def _number(said: str) -> int:
    """The number that an address says; 0 where it says none, or one that no list has."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < MOST_FIGURES else 0


def _around(place: int) -> Part:
    return Part(2 * SLIPPED + 1, offset=max(place - 1 - SLIPPED, 0))


def _page(wanted: ListName, asked: QueryDict) -> Part:
    """The page that was come from, with its neighbours."""
    size, number = _size(wanted), _number(asked.get("page", "")) or 1
    return Part(size + 2, offset=max((number - 1) * size - 1, 0))


def _size(wanted: ListName) -> int:
    """How many papers a page of the list has."""
    most = page_settings().page_size
    return min(searching.RESULTS, most) if wanted.kind == "search" else most


def _without_page(query: str) -> str:
    asked = QueryDict(query, mutable=True)
    asked.pop("page", None)
    return asked.urlencode()


def _steps(entries: tuple[Entry, ...], at: int, here: str) -> list[Step | None]:
    """The papers before and after the one at that place."""
    near = [entries[row] if 0 <= row < len(entries) else None for row in (at - 1, at + 1)]
    names = dict(tables.papers([entry.pk for entry in near if entry], ["public_id"]))
    return [_step(entry, names, here) if entry else None for entry in near]


def _step(entry: Entry, names: Mapping[int, str], here: str) -> Step | None:
    if entry.pk not in names:
        return None
    query = urlencode({LIST: here, PLACE: entry.place})
    return Step(f"{address_of_paper(names[entry.pk])}?{query}", entry.place)


def _back(here: str, entry: Entry, size: int) -> str:
    """The page of the list that has the paper, at its row."""
    number = (entry.place - 1) // size + 1
    page = f"{'&' if '?' in here else '?'}page={number}" if number > 1 else ""
    return f"{here}{page}#p{entry.pk}"
