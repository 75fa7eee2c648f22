"""A paper as a row of a list that is scanned: its vote, its title, its point, and one grey line.

The row has two stops for who goes through the page by keyboard: its title, and what opens the rest. What
people count of the paper, and what is its reader's, fills a hole: all that is in the list `data-live`. New
HTML for the hole, in answer to an act, takes the place of what was in there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from markupsafe import Markup, escape

from broadsheet.daily.entries import ListName
from broadsheet.http.holes import hole
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.taxonomy import category_name
from broadsheet.papers.texts import Texts, is_told_by_source
from broadsheet.web.addresses import address_of_paper
from broadsheet.web.entry_parts import badge, byline, kicker, published
from broadsheet.web.wording import number, source_name, unbroken


class Found(Protocol):
    """What a search says of the paper: its title and text with marks, and who of its people is asked for."""

    @property
    def title(self) -> Markup: ...
    @property
    def excerpt(self) -> Markup: ...
    @property
    def abstract(self) -> Markup: ...
    @property
    def named(self) -> frozenset[str]: ...


def row(
    paper: PaperRow,
    level: int,
    *,
    cited: Markup | str,
    found: Found | None,
    within: ListName | None,
    more: Markup | str,
    below: Markup | str,
) -> Markup:
    """The row of the paper; see `entry.entry` for what is said of it."""
    href = escape(address_of_paper(paper.public_id))
    named = found.named if found else ()
    text, pk = paper.text, paper.pk
    html = (
        f'<article class="row{" result" if found else ""}" id="p{pk}" data-paper="{pk}" ',
        f'aria-labelledby="t{pk}">{cited}',
        f'<h{level} id="t{pk}" class="headline">{badge(paper)}',
        f'<a href="{href}">{unbroken(found.title if found else text.title_html)}</a></h{level}>',
        f'<p class="point">{found.excerpt if found and found.excerpt else _point(text)}</p>',
        f'<div class="facts"><ul>{"".join(_facts(paper, named, within))}{escape(more)}</ul>',
        f'<ul class="live" data-live>{hole(pk)}</ul></div>',
        '<details class="rest"><summary><span class="toggle"></span>',
        f'<span class="unseen"> of {escape(text.title)}</span></summary>',
        f'<div class="text">{found.abstract if found and found.abstract else text.abstract_html}</div>',
        f"{kicker(paper, named, within)}{byline(paper, named)}{escape(below)}</details></article>\n",
    )
    # All that is not ours in it is escaped where it is put in.
    return Markup("".join(html))  # noqa: S704


def _point(text: Texts) -> Markup:
    """The sentence that says what the paper does, by its authors or else by a source."""
    if is_told_by_source(text):
        return escape(text.summary.text)
    return text.point_html


def _facts(paper: PaperRow, named: Collection[str], within: ListName | None) -> Iterator[str]:
    """The grey line, as far as it is the same on every page: whence, by whom, code, field, day."""
    kind, of = (within.kind, within.name) if within else ("", "")
    organization = next((o for o in paper.organizations if kind != "organization" or o.slug != of), None)
    if organization:
        yield f'<li class="whence">{_marked(organization.name, named)}</li>'
    if paper.authors:
        others = max((paper.author_count or 0), len(paper.authors)) - 1
        and_others = f" + {number(others)}" if others else ""
        yield f"<li>{_marked(paper.authors[0].name, named)}{and_others}</li>"
    if code := paper.link("code"):
        of_title = f'<span class="unseen"> of {escape(paper.text.title)}</span>'
        yield f'<li><a href="{escape(code)}" rel="noopener" tabindex="-1">Code{of_title}</a></li>'
    if paper.categories:
        code = paper.categories[0]
        yield f'<li><abbr title="{escape(category_name(code))}">{escape(code)}</abbr></li>'
    if paper.published:
        yield published(paper.published)
    if is_told_by_source(paper.text):
        yield f'<li class="ours">Summary by {escape(source_name(paper.text.summary.source))}</li>'
    elif paper.is_summary:
        yield '<li class="ours">Summary by Broadsheet</li>'


def _marked(name: str, named: Collection[str]) -> str:
    shown = f"<bdi>{escape(name)}</bdi>"
    return f"<mark>{shown}</mark>" if name in named else shown
