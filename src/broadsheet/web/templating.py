"""The Jinja2 environment of our pages: strict, escaped, with the few filters the templates use."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from broadsheet.configured import instance
from broadsheet.daily.entries import ListName
from broadsheet.daily.periods import WEEKDAYS
from broadsheet.http.addresses import canonical, in_form, whole
from broadsheet.http.holes import hole
from broadsheet.papers import text
from broadsheet.papers.categories import canonical as canonical_code
from broadsheet.papers.categories import is_code
from broadsheet.papers.citing import meta
from broadsheet.papers.reading import Name, PaperRow
from broadsheet.papers.taxonomy import category_name
from broadsheet.papers.texts import Texts
from broadsheet.web import assets, wording

ORGANIZATIONS_SHOWN, CATEGORIES_SHOWN = 3, 2


def environment(**options: Any) -> Environment:
    """A strict environment: a misspelt variable is an error, not an empty place."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**options)  # noqa: S701 (Django's options turn escaping on)
    made.globals.update(
        above_title=above_title,
        below_title=below_title,
        asset=assets.address,
        canonical=canonical,
        category=category,
        category_name=category_name,
        hole=hole,
        in_form=in_form,
        is_told_by_source=is_told_by_source,
        site_name=instance().site_name,
        url=address,
        weekdays=WEEKDAYS,
    )
    made.filters.update(coins=coins, linked=linked, inline=text.inline, **wording.FILTERS)
    return made


def is_told_by_source(shown: Texts) -> bool:
    """Whether a card has the source's summary: where no sentence of the authors says what the paper does."""
    return bool(shown.summary.text) and not (shown.point and shown.point.is_said)


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The answer that the template makes of the context."""
    # An answer to who asks for another host has no address of ours.
    context |= {"status": status, "site": functools.cache(lambda: whole(request))}
    return HttpResponse(get_template(template).render(context, request), status=status)


def above_title(paper: PaperRow, within: ListName | None = None) -> tuple[Sequence[Name], str]:
    """What stands above a paper's title in a list: its first organizations, and its first category for where
    there is none; without what the list itself is called after.
    """
    kind, of = (within.kind, within.name) if within else ("", "")
    organizations = [one for one in paper.organizations if kind != "organization" or one.slug != of]
    codes = (code for code in paper.categories if kind != "category" or canonical_code(code) != of)
    return organizations[:ORGANIZATIONS_SHOWN], next(codes, "")


def below_title(paper: PaperRow, within: ListName | None = None) -> Sequence[str]:
    """The categories that a list shows of a paper: the first ones, with that of the list among them."""
    shown, of = paper.categories[:CATEGORIES_SHOWN], within.name if within else ""
    if not within or within.kind != "category" or of in map(canonical_code, shown):
        return shown
    return *shown[:-1], *(code for code in paper.categories if canonical_code(code) == of)


# A long list has several hundred addresses, and the same ones again and again.
@functools.lru_cache(maxsize=8192)
def address(name: str, *arguments: object) -> str:
    """The address of a page by its name in `urls`."""
    return reverse(name, args=arguments)


def linked(names: Iterable[Name], kind: str, marked: Collection[str] = ()) -> Markup:
    """The names as links to the pages of authors or organizations, those that a search asks for `marked`.

    A page has hundreds of names, of which a template would take as long as of all else.
    """
    start = address(kind, "x").removesuffix("x")
    shown = ((one.slug, escape(one.name), one.name in marked) for one in names)
    links = (
        f'<a href="{start}{quote(slug)}">{f"<mark>{name}</mark>" if is_marked else name}</a>'
        for slug, name, is_marked in shown
    )
    return Markup(", ".join(links))  # noqa: S704 (all is quoted or escaped)


@functools.lru_cache(maxsize=4096)
def category(code: str, label: str) -> Markup:
    """The label as a link to the page of the category, where it can have a page."""
    if not is_code(code):
        return Markup('<span class="field">{}</span>').format(label)
    return Markup('<a class="field" href="{}">{}</a>').format(address("category", code), label)


@pass_context
def coins(context: Context, paper: PaperRow) -> str:
    """What a list says of a paper to reference managers, with the whole address of its page."""
    return meta.coins(paper, context["site"]() + address("paper", paper.public_id))
