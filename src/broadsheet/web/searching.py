"""The search page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from broadsheet.accounts.viewing import READ
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.http.paging import NO_SUCH_PAGE, Pages, requested_page
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import tallies
from broadsheet.papers.places import places
from broadsheet.papers.reading import PaperRow, revision
from broadsheet.search import answering, explaining
from broadsheet.search.explaining import Matcher, Shares
from broadsheet.search.finding import SearchResult
from broadsheet.search.folder import index_folder
from broadsheet.search.fusion import Hit
from broadsheet.search.query.language import parse
from broadsheet.search.word_index.filtering import COUNTED, counts_in
from broadsheet.search.word_index.lexical import WordIndexError, last_commit
from broadsheet.sources.live.wanted import is_on_offer
from broadsheet.web import narrowing
from broadsheet.web.listing import note_hidden
from broadsheet.web.narrowing import Question
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page
from broadsheet.web.viewing import in_view, kept_list

# Papers are embedded, and models loaded, while the index of words stays as it is.
KEPT_FOR = 60
READS = ("q", "sort", "sense", "explain", "page")
# Fewer than on other lists: of each one it is told why it was found.
RESULTS = 25


@dataclass(frozen=True, slots=True)
class Result:
    """A paper that was found, as the page prints it: with its near-duplicates, and why it is there.

    The `abstract` is there only where it is no longer than an `excerpt`; `named` are the people and
    organizations that the query asks for.
    """

    paper: PaperRow
    title: Markup
    excerpt: Markup
    abstract: Markup
    named: frozenset[str]
    also: list[PaperRow]
    hit: Hit
    shares: Shares


def _mark() -> object:
    """What the page of a search shows: the papers of this revision, as they were indexed last."""
    return revision(), last_commit(index_folder())


def _mark_with_counts() -> object:
    """The same, and how the votes and comments are that it is ordered by or asks for."""
    return _mark(), tallies.stamp()


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """What is found for `?q=`; without a question, all papers, the newest first."""
    return _of_counts(request) if _asks_for_counts(narrowing.question(request)) else _of_papers(request)


def _asks_for_counts(asked: Question) -> bool:
    condition = parse(asked.query).condition
    return asked.sort in COUNTED or (condition is not None and counts_in(condition))


def _found(request: HttpRequest) -> HttpResponse:
    asked = narrowing.question(request)
    number, size = requested_page(request), min(RESULTS, page_settings().page_size)
    wanted = ListName("search", asked.query, asked.sort, sense=asked.sense)
    part = Part(size, (number - 1) * size)
    found, hidden = lists.answers(wanted, viewer_of(request), part, today=timezone.now().date())
    note_hidden(request, hidden)
    if found.named:
        return redirect("paper", found.named)
    pages = Pages(number, size, found.shown)
    if number > pages.last:
        if found.waiting:
            raise WordIndexError(found.waiting.note)
        raise Http404(NO_SUCH_PAGE)
    return page(
        request,
        "search.html",
        asked=asked,
        found=found,
        pages=pages,
        elsewhere=places(found.unknown) if found.unknown else [],
        is_on_offer=is_on_offer(found.unknown),
        how_to_search=_how_to_search,
        # Who asks for numbers reads them.
        view=READ if asked.explain else in_view(request, found.shown),
        may_be_linked=len(asked.query) <= narrowing.LONGEST_TO_NARROW,
        **_offers(asked, found),
        **_results(found),
    )


_of_papers = kept_list(seconds=KEPT_FOR, reads=READS, shows=_mark)(_found)
_of_counts = kept_list(seconds=KEPT_FOR, reads=READS, shows=_mark_with_counts)(_found)


@cache
def _how_to_search() -> Markup:
    html = get_template("how_to_search.html").render({"examples": narrowing.EXAMPLES})
    return Markup(html)  # noqa: S704 (of a template)


def _offers(asked: Question, found: SearchResult) -> dict[str, Any]:
    return {
        "orders": narrowing.orders(asked, found),
        "conditions": narrowing.conditions(asked, found),
        "senses": narrowing.senses(asked, found.senses),
        "facets": list(narrowing.facets(asked, found)),
        "spelled": narrowing.spelled(asked, found.help),
        "loosened": narrowing.loosened(asked, found.help),
    }


def _results(found: SearchResult) -> dict[str, Any]:
    """The papers of the page and, where there are none, the closest ones; all read at once."""
    papers = answering.rows_of([*found.hits, *found.help.closest])
    matcher = Matcher(found.asked)

    def results(hits: Iterable[Hit]) -> list[Result]:
        return [_result(hit, papers, matcher) for hit in hits if hit.paper_pk in papers]

    return {"results": results(found.hits), "closest": results(found.help.closest)}


def _result(hit: Hit, papers: Mapping[int, PaperRow], matcher: Matcher) -> Result:
    paper = papers[hit.paper_pk]
    text = paper.text
    why = explaining.excerpt(text.abstract, matcher)
    return Result(
        paper=paper,
        title=matcher.mark(text.title_html),
        excerpt=matcher.mark(escape(why)) if why != text.abstract else Markup(),
        abstract=matcher.mark(text.abstract_html) if why == text.abstract else Markup(),
        named=frozenset(
            one.name for one in (*paper.authors, *paper.organizations) if matcher.is_name(one.name)
        ),
        also=[papers[pk] for pk in hit.folded if pk in papers],
        hit=hit,
        shares=explaining.shares(hit),
    )
