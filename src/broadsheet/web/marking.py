"""What a reader does with the papers of a list, each a plain form first: save, hide, seen, undo.

Each address takes a POST alone and leads back (303) to the row that it was pressed in, `#p` and the key of
its paper. Our script sends the header `X-Row: 1` with the same form: it is answered (200) with what fills the
live part of the rows that changed, `<div data-paper="KEY">...</div>` for each. What is refused is the same
page with and without script; a stranger is led to where one signs in.

POST /papers/{id}/vote    `stands`: yes or no (in `web.voting`)
POST /papers/{id}/save    `state`: to_read, reading, read or set_aside; empty ends that the paper is saved
POST /papers/{id}/hide    `stands`: yes or no
POST /papers/{id}/seen    `stands`: yes or no
POST /library/seen        `papers`: the keys of papers in the order of the list, a field for each; `upto`: the
    key of the last that is meant, all of them without it; `list`: the address of the list, where all of it
    was looked through; `is_left_out`: yes or no, whether lists leave out what was seen
POST /library/undo        takes back the last act; the first element has its verb as `data-undone`
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from markupsafe import escape

from broadsheet.accounts import viewing
from broadsheet.accounts.access import NobodyError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.daily import list_names
from broadsheet.http.posting import see_other
from broadsheet.http.refusals import REFUSED, refusal
from broadsheet.http.viewers import viewer_of
from broadsheet.library import hiding, looking, saving, seeing, undoing
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import counts, errors
from broadsheet.web.acting import came_from, to_sign_in
from broadsheet.web.addresses import address
from broadsheet.web.forms import NO, key_in, only_posted
from broadsheet.web.naming import list_at
from broadsheet.web.papers import find_or_404

ROW = "X-Row"


@never_cache
@only_posted
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Keep a paper in the state that the form says, or no more."""
    paper, public_id = find_or_404(name)
    state, named = request.POST.get("state", ""), with_scheme(public_id)

    def act(viewer: Viewer, now: datetime) -> None:
        if state:
            saving.save(viewer, paper, named, state=state, now=now)
        else:
            saving.unsave(viewer, paper, named, now=now)

    return on_row(request, paper, public_id, act)


@never_cache
@only_posted
def hide(request: HttpRequest, name: str) -> HttpResponse:
    """Leave a paper out of all lists of the reader, or no more."""
    paper, public_id = find_or_404(name)
    does = hiding.show if request.POST.get("stands") == NO else hiding.hide
    named = with_scheme(public_id)

    def act(viewer: Viewer, now: datetime) -> None:
        does(viewer, paper, named, now=now)
        viewing.begin_to_scan(viewer)

    return on_row(request, paper, public_id, act)


@never_cache
@only_posted
def seen(request: HttpRequest, name: str) -> HttpResponse:
    """Say that the reader has seen a paper, or has not."""
    paper, public_id = find_or_404(name)
    does = seeing.unmark if request.POST.get("stands") == NO else seeing.mark_seen
    return on_row(request, paper, public_id, lambda viewer, now: does(viewer, [paper], now=now))


@never_cache
@only_posted
def all_seen(request: HttpRequest) -> HttpResponse:
    """Say that the reader has seen these papers, and looked through the list where the form names it."""
    papers = [key for key in map(key_in, request.POST.getlist("papers")) if key]
    upto = key_in(request.POST.get("upto", ""))
    above = papers[: papers.index(upto) + 1] if upto in papers else papers
    through, is_left_out = request.POST.get("list", ""), request.POST.get("is_left_out", "")
    wanted = list_at(through) if through and above == papers else None

    def act(viewer: Viewer, now: datetime) -> Collection[int]:
        seeing.mark_seen(viewer, above, now=now)
        if above:
            viewing.begin_to_scan(viewer)
        if wanted:
            looking.looked(viewer, list_names.key(wanted), now=now)
        if is_left_out:
            seeing.leave_out(viewer, is_left_out != NO, now=now)
        return above

    return acted(request, came_from(request) or reverse("front"), act)


@never_cache
@only_posted
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what the reader did last."""
    back = came_from(request) or reverse("front")
    undone: list[undoing.Undone] = []

    def act(viewer: Viewer, now: datetime) -> Collection[int]:
        undone.append(undoing.undo(viewer, now=now))
        return undone[0].papers

    response = acted(request, back, act)
    if undone and response.status_code == HTTPStatus.OK:
        response.content = f'<div data-undone="{escape(undone[0].verb)}"></div>'.encode() + response.content
    elif undone and undone[0].papers:
        return see_other(f"{back}#p{undone[0].papers[0]}")
    return response


def on_row(
    request: HttpRequest, paper: int, public_id: str, act: Callable[[Viewer, datetime], object]
) -> HttpResponse:
    """Do what a form in the row of a paper says, and answer with that row or lead back to it."""

    def on_paper(viewer: Viewer, now: datetime) -> Collection[int]:
        act(viewer, now)
        return [paper]

    own = address("paper", public_id)
    page = came_from(request) or own
    return acted(request, page if page == own else f"{page}#p{paper}", on_paper)


def acted(
    request: HttpRequest, back: str, act: Callable[[Viewer, datetime], Collection[int]]
) -> HttpResponse:
    """Do it and answer with the papers that changed, or lead back; or say why it is refused."""
    viewer = viewer_of(request)
    try:
        papers = act(viewer, timezone.now())
    except REFUSED as problem:
        return _refused(request, problem, back)
    return rows(papers, viewer) if ROW in request.headers else see_other(back)


def rows(papers: Collection[int], viewer: Viewer) -> HttpResponse:
    """What fills the live part of the rows of these papers for the viewer."""
    html = counts.of_papers([*papers], viewer)
    parts = (f'<div data-paper="{paper}">{html.get(paper, "")}</div>' for paper in papers)
    return HttpResponse("".join(parts))


def _refused(request: HttpRequest, problem: Exception, back: str) -> HttpResponse:
    if isinstance(problem, NobodyError):
        return to_sign_in(back)
    if isinstance(problem, TakenTooMuchError):
        return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
    told = refusal(request, problem)
    return errors.refused(request, status=told.status, title="Not done", said=told.said)
