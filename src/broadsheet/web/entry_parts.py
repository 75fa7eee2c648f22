"""The small parts of a paper's entry in a list, as HTML.

A page has hundreds of them: a template takes as long to call one as to write it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from broadsheet.daily.entries import ListName
from broadsheet.daily.wording import counted, partial_day
from broadsheet.papers.categories import canonical, is_code
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.reading import Name, PaperRow
from broadsheet.papers.taxonomy import category_name
from broadsheet.search.explaining import Shares
from broadsheet.search.fusion import Hit
from broadsheet.web.addresses import address
from broadsheet.web.wording import authors_left_out, number, percent

_PLAIN = re.compile(r"[\w./~ -]+", re.ASCII)
ORGANIZATIONS_SHOWN, CATEGORIES_SHOWN = 3, 2


def _html(made: str) -> Markup:
    # All that is not ours in it is quoted or escaped where it is put in.
    return Markup(made)  # noqa: S704


def linked(names: Iterable[Name], kind: str, marked: Collection[str] = ()) -> Markup:
    """The names as links to the pages of authors or organizations, those that a search asks for `marked`."""
    start = address(kind, "x").removesuffix("x")
    shown = [(one.slug, escape(one.name), one.name in marked) for one in names]
    links = [
        f'<a href="{start}{_quoted(slug)}">{f"<mark>{name}</mark>" if is_marked else name}</a>'
        for slug, name, is_marked in shown
    ]
    return _html(", ".join(links))


def _quoted(slug: str) -> str:
    # Nearly all slugs are letters, hyphens and blanks, which `quote` would look at one by one.
    return slug.replace(" ", "%20") if _PLAIN.fullmatch(slug) else quote(slug)


@lru_cache(maxsize=4096)
def category(code: str, label: str) -> Markup:
    """The label as a link to the page of the category, where it can have a page."""
    if not is_code(code):
        return _html(f'<span class="field">{escape(label)}</span>')
    return _html(
        f'<a class="field" href="{escape(address("category", canonical(code)))}">{escape(label)}</a>'
    )


def badge(paper: PaperRow) -> Markup:
    """That a paper was withdrawn or retracted."""
    return _html(f'<strong class="badge">{paper.standing.capitalize()}</strong>' if paper.standing else "")


def kicker(paper: PaperRow, named: Collection[str] = (), within: ListName | None = None) -> Markup:
    """What stands above a paper's title in a list: its first organizations, or its first category where there
    is none, without what the list itself is called after; and its badge.
    """
    kind, of = (within.kind, within.name) if within else ("", "")
    organizations = [one for one in paper.organizations if kind != "organization" or one.slug != of]
    codes = (code for code in paper.categories if kind != "category" or canonical(code) != of)
    shown = [linked([one], "organization", named) for one in organizations[:ORGANIZATIONS_SHOWN]]
    if not shown and (code := next(codes, "")):
        shown = [category(code, category_name(code))]
    if not (shown or paper.standing):
        return Markup()
    return _html(f'<p class="kicker">{" ".join(filter(None, (badge(paper), *shown)))}</p>')


def byline(paper: PaperRow, named: Collection[str] = ()) -> Markup:
    """The authors, or how many there are."""
    if paper.authors:
        left_out = authors_left_out(paper)
        more = f' <span class="whole">and {number(left_out)} more</span>' if left_out else ""
        return _html(f'<p class="byline">{linked(paper.authors, "author", named)}{more}</p>')
    if paper.author_count:
        return _html(f'<p class="byline">{counted(paper.author_count, "author")}</p>')
    return Markup()


def known_facts(paper: PaperRow, within: ListName | None = None) -> Markup:
    """The items of a paper's facts that say the same on every page: code, day, categories."""
    return _html("".join(_facts(paper, within)))


def _facts(paper: PaperRow, within: ListName | None) -> Iterator[str]:
    if code := paper.link("code"):
        of = f'<span class="unseen"> of {escape(paper.text.title)}</span>'
        yield f'<li><a href="{escape(code)}" rel="noopener">Code{of}</a></li>'
    if paper.published:
        yield published(paper.published)
    if paper.categories:
        yield _categories(tuple(below_title(paper, within)))
    if paper.is_summary:
        yield '<li class="ours">Summary by Broadsheet</li>'


@lru_cache(maxsize=4096)
def published(on: PartialDate) -> str:
    """The day of a paper as a fact, as far as it is known."""
    return f'<li><time datetime="{on}">{partial_day(on)}</time></li>'


@lru_cache(maxsize=4096)
def _categories(codes: tuple[str, ...]) -> str:
    shown = (f'<abbr title="{escape(category_name(code))}">{category(code, code)}</abbr>' for code in codes)
    return f'<li class="categories">{" ".join(shown)}</li>'


def below_title(paper: PaperRow, within: ListName | None = None) -> Sequence[str]:
    """The categories that a list shows of a paper: the first ones, with that of the list among them."""
    shown, of = paper.categories[:CATEGORIES_SHOWN], within.name if within else ""
    if not within or within.kind != "category" or of in map(canonical, shown):
        return shown
    return *shown[:-1], *(code for code in paper.categories if canonical(code) == of)


def shares(hit: Hit, of: Shares, floor: float) -> Markup:
    """What brought a paper into the results of a search."""
    close = ""
    if not hit.is_match:
        title = "Not all words of the question are in it"
        close = f'<li class="close" title="{title}">{hit.closeness(floor)}</li>'
    if hit.words and hit.meaning:
        of_each = f": words {percent(of.words)}, meaning {percent(of.meaning)}"
        said = "matches words and meaning"
    elif hit.words or hit.meaning:
        of_each, said = "", f"matches {'words' if hit.words else 'meaning'}"
    else:
        return _html(close)
    return _html(f'{close}<li class="shares" title="What its place comes from{of_each}">{said}</li>')
