"""A paper in a list as HTML, wherever the list is: a card to read, or a row to scan (see `row`).

It is made without a template: a page has dozens of papers, and nothing else on it takes as long.
"""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from broadsheet.accounts.viewing import SCAN
from broadsheet.daily.entries import ListName
from broadsheet.http.holes import hole
from broadsheet.papers.citing import meta
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.texts import Texts, is_told_by_source
from broadsheet.web.addresses import address_of_paper
from broadsheet.web.entry_parts import byline, kicker, known_facts
from broadsheet.web.row import Found, row
from broadsheet.web.wording import source_name, unbroken

# So much of an abstract stands on a card as it is, and on the first one of a page.
FITS, FITS_FIRST = 90, 360


@pass_context
def entry(
    context: Context,
    paper: PaperRow,
    level: int = 2,
    *,
    lead: bool = False,
    cited: bool = True,
    found: Found | None = None,
    within: ListName | None = None,
    more: str = "",
    below: str = "",
) -> Markup:
    """The paper in a list whose headings are of that level; the first one of a page may `lead`.

    What a search says of the paper is `found`, the list that it is in `within`. Why it is there is said with
    `more` facts, and `below` them. Reference managers read what is `cited`; on the page of one paper it would
    hide what is said in the head.
    """
    href = escape(address_of_paper(paper.public_id))
    fits = FITS_FIRST if lead else FITS
    coins = _cited(paper, context["site"]()) if cited else ""
    if context.get("view") == SCAN:
        return row(paper, level, cited=coins, found=found, within=within, more=more, below=below)
    named = found.named if found else ()
    title = found.title if found else paper.text.title_html
    kinds = f"{' lead' if lead else ''}{' result' if found else ''}"
    html = (
        f'<article class="card{kinds}" id="p{paper.pk}" data-paper="{paper.pk}" ',
        f'aria-labelledby="t{paper.pk}">{coins}',
        kicker(paper, named, within),
        f'<h{level} id="t{paper.pk}" class="headline"><a href="{href}">{unbroken(title)}</a></h{level}>',
        byline(paper, named),
        _excerpt(paper, found, href) if found else _abstract(paper.text, fits),
        f'<div class="facts"><ul class="live" data-live>{hole(paper.pk)}</ul>',
        f"<ul>{known_facts(paper, within)}{'' if found else _told_by(paper.text, fits)}",
        f"{escape(more)}</ul></div>{escape(below)}</article>\n",
    )
    # All that is not ours in it is escaped where it is put in.
    return Markup("".join(html))  # noqa: S704


def _cited(paper: PaperRow, site: str) -> str:
    said = escape(meta.coins(paper, site + address_of_paper(paper.public_id)))
    return f'<span class="Z3988" title="{said}" aria-hidden="true"></span>'


def _excerpt(paper: PaperRow, found: Found, href: Markup) -> str:
    if found.excerpt:
        of = f'<span class="unseen"> of the abstract of {escape(paper.text.title)}</span>'
        on = f'<a class="on" href="{href}">more{of}&nbsp;<span aria-hidden="true">→</span></a>'
        return f'<p class="excerpt">{found.excerpt}</p> {on}'
    return f'<div class="text">{found.abstract}</div>' if found.abstract else ""


def _abstract(text: Texts, fits: int) -> str:
    """What the paper does, with the whole abstract behind it; or the abstract, if it is short.

    The blank before what opens it is seen: both are one paragraph on the page.
    """
    if len(text.abstract) > fits:
        shown = escape(text.summary.text) if is_told_by_source(text) else text.point_html
        of = f'<span class="unseen"> of the abstract of {escape(text.title)}</span>'
        return (
            f'<p class="excerpt">{shown}</p> <details class="whole-abstract"><summary><span class="toggle">'
            f'</span>{of}</summary><div class="text">{text.abstract_html}</div></details>'
        )
    if text.abstract:
        return f'<div class="abstract text">{text.abstract_html}</div>'
    return f'<p class="excerpt">{escape(text.summary.text)}</p>' if text.summary.text else ""


def _told_by(text: Texts, fits: int) -> str:
    """Whose words stand on the card, where they are not the authors'."""
    if is_told_by_source(text) and (len(text.abstract) > fits or not text.abstract):
        return f'<li class="ours">Summary by {escape(source_name(text.summary.source))}</li>'
    return ""
