"""Whose names are by the words of curators: that two pages are one, that a paper is on another page than its
names say, how whoever has a page is called.

A word is a row, and rows of authorship follow from it: `spellings` and `rows` ask here whenever they write.
The answer depends on the words alone, and not on what came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from broadsheet.papers.models import Attribution
from broadsheet.papers.tables import has_rows

Act, Kind = Attribution.Act, Attribution.Kind


@dataclass(frozen=True, slots=True)
class Words:
    """What curators said of some names: to which page all papers of a slug go, and to which single ones by
    their names, the last word first.
    """

    joined: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def page_of(self, slug: str, names: Collection[str] = ()) -> str:
        """The page on which a paper with these names is that prints a name of that slug.

        Words that lead in a circle, as those about papers that became one may, end before its beginning.
        """
        *_, page = self._way(slug, names)
        return page

    def goes_round(self, slug: str, names: Collection[str] = ()) -> bool:
        """True if the words lead back to where they led before."""
        *_, page = self._way(slug, names)
        return self._next(page, names) != page

    def _way(self, slug: str, names: Collection[str]) -> list[str]:
        way = [slug]
        while (page := self._next(way[-1], names)) not in way:
            way.append(page)
        return way

    def _next(self, slug: str, names: Collection[str]) -> str:
        for named, page in self.moved.get(slug, ()):
            if named in names:
                return page
        return self.joined.get(slug, slug)


NONE = Words()


def are_there() -> bool:
    """True if anything was ever said of names: mostly nothing was, which is seen at once."""
    return has_rows(Attribution)


def standing(kind: str) -> QuerySet[Attribution]:
    """The words about authors or organizations that nobody took back, the last first."""
    return Attribution.objects.filter(kind=kind, withdrawn_at=None).order_by("-pk")


def of(kind: str, slugs: Collection[str], names: Collection[str] | None = None) -> Words:
    """The words about these slugs, and about those that they lead to; of single papers only about those with
    one of the names, if any are given.
    """
    if not slugs or not are_there():
        return NONE
    joined: dict[str, str] = {}
    moved: dict[str, list[tuple[str, str]]] = defaultdict(list)
    seen: set[str] = set()
    while fresh := set(slugs) - seen:
        seen |= fresh
        rows = standing(kind).filter(slug__among=fresh).exclude(act=Act.SHOW)
        if names is not None:
            rows = rows.filter(Q(act=Act.JOIN) | Q(named__among=names))
        found = list(rows.values_list("act", "slug", "named", "page"))
        for act, slug, named, page in found:
            if act == Act.JOIN:
                joined[slug] = page
            else:
                moved[slug].append((named, page))
        slugs = [page for *_, page in found]
    return Words(joined, moved)


def longest_way(kind: str, slug: str) -> int:
    """Over how many words, one after the other, others lead to the slug and it leads on."""
    return _steps(kind, slug, "page", "slug") + _steps(kind, slug, "slug", "page")


def _steps(kind: str, start: str, here: str, there: str) -> int:
    seen, fresh, steps = {start}, {start}, -1
    while fresh:
        rows = standing(kind).filter(**{f"{here}__among": fresh}).exclude(act=Act.SHOW)
        fresh = set(rows.values_list(there, flat=True)) - seen
        seen |= fresh
        steps += 1
    return steps


def pages(kind: str, slugs: Collection[str]) -> dict[str, str]:
    """For each of the slugs the page that it leads to as a whole: itself where nobody said otherwise."""
    words = of(kind, slugs)
    return {slug: words.page_of(slug) for slug in slugs}


def shown(kind: str, pages: Collection[str]) -> dict[str, str]:
    """How those of the pages are called for which curators chose it."""
    if not pages or not are_there():
        return {}
    rows = standing(kind).filter(act=Act.SHOW, page__among=pages)
    return dict(reversed(list(rows.values_list("page", "name"))))


def led_to(kind: str, page: str) -> dict[str, str]:
    """The slugs that lead to the page as a whole, each with what it is called; itself is none of them."""
    return all_led_to(kind, [page]).get(page, {})


def all_led_to(kind: str, pages: Collection[str]) -> dict[str, dict[str, str]]:
    """The same for each of the pages to which any lead."""
    if not pages or not are_there():
        return {}
    names: dict[str, dict[str, str]] = defaultdict(dict)
    of = {page: page for page in pages}
    fresh: Collection[str] = of.keys()
    while fresh:
        rows = standing(kind).filter(act=Act.JOIN, page__among=fresh).values_list("slug", "page", "name")
        found = {slug: (of[page], name) for slug, page, name in rows if slug not in of}
        for slug, (page, name) in found.items():
            names[page][slug] = name
            of[slug] = page
        fresh = found.keys()
    return names


def reached(kind: str, slugs: Collection[str]) -> set[str]:
    """These slugs, and all pages to which any words lead from them."""
    words = of(kind, slugs)
    return {*slugs, *words.joined.values(), *(page for those in words.moved.values() for _, page in those)}
