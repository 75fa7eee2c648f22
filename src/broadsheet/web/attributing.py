"""The page on which curators say whose a name is: they merge, split and name pages, and take that back."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from broadsheet.accounts import access
from broadsheet.community import attributing, deeds
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.jobs.wake import wake
from broadsheet.papers import authors, reading
from broadsheet.papers.attributing import AttributionError
from broadsheet.papers.attributions import Kind
from broadsheet.papers.names import LONGEST_NAME
from broadsheet.papers.reading import Name
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import key_in
from broadsheet.web.templating import page

PAPERS_SHOWN = 100
LONGEST_QUESTION = 300
THIS, OTHER = "this", "other"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@as_allowed
def names(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """What curators can do with the page of a name, and what they did."""
    access.check(viewer_of(request), "curate", now=timezone.now())
    known = authors.page(kind, slug)
    if known is None:
        raise Http404(f"There is no such {kind} here.")
    if known.slug != slug:
        return see_other(reverse(f"{kind}_names", args=[known.slug]))
    if request.method != "POST":
        return _shown(request, kind, known)
    try:
        there = _done(request, kind, slug)
    except (AttributionError, deeds.ReasonError) as problem:
        return _shown(request, kind, known, said=str(problem))
    wake("index")
    return see_other(reverse(f"{kind}_names", args=[there]))


def _done(request: HttpRequest, kind: str, slug: str) -> str:
    """Do what the form says. The address to go on with. Raises AttributionError or ReasonError."""
    form, viewer, now = request.POST, viewer_of(request), timezone.now()
    reason, other = form.get("reason", ""), form.get("with", "")
    match form.get("do"):
        case "merge" if form.get("keep") not in {THIS, OTHER}:
            raise AttributionError("Choose which of the two pages stays.")
        case "merge":
            gone, kept = (other, slug) if form.get("keep") == THIS else (slug, other)
            attributing.merge(viewer, kind, gone, kept, reason=reason, now=now)
            return kept
        case "split":
            papers, goal = form.getlist("paper"), form.get("page", "").strip()
            attributing.split(viewer, kind, slug, papers, page=goal, reason=reason, now=now)
            return slug
        case "alias" | "show" as do:
            said = form.get("name", "")
            attributing.name(viewer, kind, slug, said, is_shown=do == "show", reason=reason, now=now)
            return slug
        case _:
            keys = [key_in(key) for key in form.getlist("word")]
            words = attributing.take_back(viewer, kind, keys, reason=reason, now=now)
            left = authors.page(kind, slug) or authors.page(kind, words[0].slug)
            return left.slug if left else slug


def _shown(request: HttpRequest, kind: str, known: Name, *, said: str = "") -> HttpResponse:
    asked = request.GET.get("q", "")[:LONGEST_QUESTION].strip()
    other = authors.page(kind, request.GET["with"]) if request.GET.get("with") else None
    papers_of = reading.papers_of_author if kind == Kind.AUTHOR else reading.papers_of_organization
    papers, number = papers_of(known.slug), requested_page(request)
    pages = pages_or_404(number, size=PAPERS_SHOWN, total=papers.count())
    start = pages.first_place - 1
    pks = list(papers.values_list("pk", flat=True)[start : start + PAPERS_SHOWN])
    return page(
        request,
        "names.html",
        status=HTTPStatus.CONFLICT if said else HTTPStatus.OK,
        said=said,
        kind=kind,
        known=known,
        also=authors.also_written(kind, known.slug),
        asked=asked,
        found=[one for one in attributing.found(kind, asked) if one[0] != known] if asked else [],
        other=other if other != known else None,
        ways=_ways(kind, known, other) if other and other != known else [],
        papers=reading.rows(pks),
        pages=pages,
        decisions=attributing.decisions(kind, known.slug),
        longest=LONGEST_NAME,
    )


def _ways(kind: str, known: Name, other: Name) -> list[tuple[str, Name, Name, attributing.Preview]]:
    """What a merge would do: for each choice the page that stays, the one that goes, and what comes of it."""
    ways = ((OTHER, other, known), (THIS, known, other))
    return [
        (keep, stays, goes, attributing.preview(kind, goes.slug, stays.slug)) for keep, stays, goes in ways
    ]
