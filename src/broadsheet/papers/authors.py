"""Authors and organizations by their addresses: old ones and those that are another's lead on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Count, Model

from broadsheet.papers import attributions
from broadsheet.papers.attributions import Kind
from broadsheet.papers.models import Author, AuthorAlias
from broadsheet.papers.names import chosen, name_slug
from broadsheet.papers.reading import Name
from broadsheet.papers.spellings import OF_KIND


def author(slug: str) -> Name | None:
    """The author at that address, else at the one that it leads on to: of an old slug, or of a name."""
    return page(Kind.AUTHOR, slug)


def author_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of the authors at those addresses."""
    return dict(Author.objects.filter(pk__in=slugs).values_list("slug", "name"))


def organization(slug: str) -> Name | None:
    """The organization at that address, else at that of the slug which it makes as a name."""
    return page(Kind.ORGANIZATION, slug)


def page(kind: str, slug: str) -> Name | None:
    """The author or the organization at that address, or where it leads on to."""
    table = OF_KIND[kind].who
    if "\0" in slug:
        return None
    if found := _first_of(table, [slug]):
        return found
    slugs = [slug, name_slug(slug)]
    if kind == Kind.AUTHOR:
        slugs[1:1] = AuthorAlias.objects.filter(old=slug).values_list("slug", flat=True)
    words = attributions.of(kind, slugs)
    return _first_of(table, [words.page_of(slug) for slug in slugs])


def written(kind: str, slugs: Collection[str]) -> dict[str, list[str]]:
    """For those of the pages that curators spoke of how each is called: as shown, then otherwise."""
    if not attributions.are_there():
        return {}
    led, shown = attributions.all_led_to(kind, slugs), attributions.shown(kind, slugs)
    if not (spoken_of := {*led, *shown}):
        return {}
    names: dict[str, dict[str, str]] = {page: dict(led.get(page, {})) for page in spoken_of}
    for (page, slug), spellings in _printed(kind, spoken_of).items():
        names[page][slug], _ = chosen(spellings)
    called = OF_KIND[kind].who._default_manager.filter(pk__in=spoken_of).values_list("slug", "name")
    return {page: [*dict.fromkeys((name, *sorted(names[page].values())))] for page, name in called}


def _printed(kind: str, pages: Collection[str]) -> dict[tuple[str, str], dict[str, int]]:
    """By page and slug of the name how often each spelling is printed."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    rows = OF_KIND[kind].where._default_manager.filter(**{f"{kind}__in": pages}).order_by()
    for page, slug, name, count in rows.values_list(kind, "printed_slug", "name").annotate(Count("pk")):
        found[page, slug or page][name] = count
    return found


def also_written(kind: str, slug: str) -> list[str]:
    """How the page is called besides, where curators gave it names."""
    return written(kind, [slug]).get(slug, [])[1:]


def search(kind: str, words: str, *, limit: int) -> list[tuple[Name, int]]:
    """Whose addresses have all these words of a name, whatever their order, with how many papers each has."""
    pages = OF_KIND[kind].who._default_manager.order_by("slug")
    for part in name_slug(words).split("-"):
        pages = pages.filter(slug__contains=part)
    names = dict(pages.values_list("slug", "name")[:limit])
    counts = _counts(kind, names)
    return [(Name(slug, name), counts.get(slug, 0)) for slug, name in names.items()]


def count(kind: str, slug: str) -> int:
    """How many papers are on the page."""
    return _counts(kind, [slug]).get(slug, 0)


def _counts(kind: str, slugs: Collection[str]) -> dict[str, int]:
    rows = OF_KIND[kind].where._default_manager.filter(**{f"{kind}__in": slugs}).order_by()
    return dict(rows.values_list(kind).annotate(Count("paper", distinct=True)))


def _first_of(table: type[Model], slugs: Sequence[str]) -> Name | None:
    names = dict(table._default_manager.filter(pk__in=slugs).values_list("slug", "name"))
    return next((Name(slug, names[slug]) for slug in slugs if slug in names), None)
