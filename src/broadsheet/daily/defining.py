"""What the lists of topics are, in words: for pages, programs and mails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from broadsheet.daily.entries import ListName
from broadsheet.daily.ranking import WEEK
from broadsheet.papers import attributions, authors, reading
from broadsheet.papers.known_as import known_as
from broadsheet.papers.taxonomy import category_name

# How the papers of a list are ordered, by the name of the order; every list has its own without a name.
ORDERS = {
    "date": "newest first",
    "relevance": "best first",
    "votes": "most upvotes first",
    "comments": "most comments first",
    "updated": "those that changed last first",
    "submitted": "by when they were submitted",
    "added": "those that came in last first",
    "saved": "the last saved first",
}
_FIXED = {
    "discussed": "The papers that people here wrote most about in the last seven days",
    "undiscovered": "Papers of the last two weeks that few voted for and more may like",
}
_NEWEST_FIRST = ("search", "author", "organization", "category")


def in_words(wanted: Sequence[ListName]) -> list[str]:
    """What each of these lists has, as a phrase; all names are looked up at once."""
    names = {kind: look_up(_of_kind(wanted, kind)) for kind, look_up in _LOOK_UP.items()}
    return [f"{_said(one, names.get(one.kind, {}))}{_order(one)}" for one in wanted]


def _said(one: ListName, names: Mapping[str, str]) -> str:
    name = names.get(one.name, one.name)
    if one.kind == "search":
        return f"Papers that match “{name}”" if name else "All papers"
    if one.kind == "library":
        return f"What I keep that matches “{name}”" if name else "What I keep"
    if one.kind == "trending":
        return f"What trends over a {name or WEEK}"
    if one.kind == "similar":
        others = len(one.like) + len(one.unlike)
        more = f" and {others} other {'example' if others == 1 else 'examples'}" if others else ""
        return f"Papers similar to “{name}”{more}"
    if one.kind in _FIXED:
        return _FIXED[one.kind]
    return f"Papers {'in' if one.kind == 'category' else 'of'} {name}"


def _order(one: ListName) -> str:
    if one.kind == "library":
        return f", {ORDERS[one.order or 'saved']}"
    return f", {ORDERS[one.order or 'date']}" if one.kind in _NEWEST_FIRST else ""


def _of_kind(wanted: Sequence[ListName], kind: str) -> list[str]:
    return sorted({one.name for one in wanted if one.kind == kind})


def _titles(papers: Sequence[str]) -> dict[str, str]:
    known = known_as(papers, "pk") if papers else {}
    titles = {row.pk: row.text.title for row in reading.bare_rows([pk for (pk,) in known.values()])}
    return {name: titles[pk] for name, (pk,) in known.items() if pk in titles}


def _authors(slugs: Sequence[str]) -> dict[str, str]:
    return _called("author", slugs, authors.author_names)


def _organizations(slugs: Sequence[str]) -> dict[str, str]:
    return _called("organization", slugs, reading.organization_names)


def _called(
    kind: str, slugs: Sequence[str], names: Callable[[Collection[str]], dict[str, str]]
) -> dict[str, str]:
    """How those are called to whose pages the slugs lead now."""
    pages = attributions.pages(kind, slugs) if slugs else {}
    called = names(set(pages.values()))
    return {slug: called[page] for slug, page in pages.items() if page in called}


def _categories(codes: Sequence[str]) -> dict[str, str]:
    return {code: category_name(code) for code in codes}


_LOOK_UP: Mapping[str, Callable[[Sequence[str]], dict[str, str]]] = {
    "author": _authors,
    "organization": _organizations,
    "category": _categories,
    "similar": _titles,
}
