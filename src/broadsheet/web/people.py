"""Authors and organizations: the papers of each, newest first."""

from __future__ import annotations

import unicodedata
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.daily.entries import ListName
from broadsheet.http.keeping import LISTS, UNCHANGED, kept
from broadsheet.papers import authors as names
from broadsheet.papers import marks, measures, reading
from broadsheet.papers.names import LONGEST_NAME
from broadsheet.papers.reading import Name
from broadsheet.web.listing import show
from broadsheet.web.templating import page
from broadsheet.web.viewing import kept_list

NAMES_LISTED = 500


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
@kept(seconds=LISTS, reads=("name",))
def organizations(request: HttpRequest) -> HttpResponse:
    """The organizations with the most papers, or those that are called as `?name=` says."""
    return _names(request, "organization")


@require_safe
@kept(seconds=LISTS, reads=("name",))
def authors(request: HttpRequest) -> HttpResponse:
    """The authors with the most papers, or those who are called as `?name=` says.

    Of a large catalogue only those: to count the papers of all would take too long.
    """
    return _names(request, "author")


def _names(request: HttpRequest, kind: str) -> HttpResponse:
    """Names with how many papers each has; those that are alike show what tells them apart."""
    asked = request.GET.get("name", "").strip()[:LONGEST_NAME]
    listed = _listed(kind, asked)
    listed.sort(key=lambda one: (-one[1], _as_shelved(one[0].name), one[0].slug))
    times = Counter(name.name for name, _ in listed)
    shared = {name for name, count in times.items() if count > 1}
    return page(request, f"{kind}s.html", kind=kind, listed=listed, shared=shared, asked=asked)


def _listed(kind: str, asked: str) -> list[tuple[Name, int]]:
    if kind == "organization":
        return reading.organizations(NAMES_LISTED, called=asked)
    if asked:
        found = names.search(kind, asked, limit=NAMES_LISTED)
        return [(name, papers) for name, papers in found if papers]
    return [] if measures.is_large() else reading.authors(NAMES_LISTED)


def _as_shelved(name: str) -> str:
    """What a name is sorted by: its letters without accents and case, from the first one on."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return letters.casefold().lstrip("\"'“”‘’([{ ")
