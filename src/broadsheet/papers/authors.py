"""Authors and organizations by their addresses, old ones too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from broadsheet.papers.models import Author, AuthorAlias, Organization
from broadsheet.papers.names import name_slug
from broadsheet.papers.reading import Name


def author(slug: str) -> Name | None:
    """The author at that address, else at the one that it leads on to: of an old slug, or of a name."""
    aliases = AuthorAlias.objects.filter(old=slug).values_list("slug", flat=True)
    return _first_of(Author, (slug, *aliases, name_slug(slug)))


def author_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of the authors at those addresses."""
    return dict(Author.objects.filter(pk__in=slugs).values_list("slug", "name"))


def organization(slug: str) -> Name | None:
    """The organization at that address, else at that of the slug which it makes as a name."""
    return _first_of(Organization, (slug, name_slug(slug)))


def _first_of(model: type[Author | Organization], slugs: Sequence[str]) -> Name | None:
    names = dict(model._default_manager.filter(pk__in=slugs).values_list("slug", "name"))
    return next((Name(slug, names[slug]) for slug in slugs if slug in names), None)
