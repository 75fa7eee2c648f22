"""The discussion of a paper: its page, and the forms that write and change comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from markupsafe import Markup

from broadsheet.accounts.access import NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.community import commenting, counting, rendering, sight, threads
from broadsheet.community.commenting import CommentError, NoCommentError
from broadsheet.community.threads import Discussion
from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.http.posting import see_other
from broadsheet.http.private import is_personal
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import text
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.models import Paper
from broadsheet.web import errors
from broadsheet.web.acting import came_from, to_sign_in
from broadsheet.web.addresses import address
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.papers import find_or_404
from broadsheet.web.templating import page
from broadsheet.web.writing import Form

# So many comments stand on a page.
SIZE = 200
PAGE, YES = "page", "yes"


def discussion(request: HttpRequest, name: str) -> HttpResponse:
    """The discussion of a paper; a POST adds to it."""
    if request.method == "POST":
        return _write(request, name)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return _of_reader(request, name) if is_personal(request) else _of_everybody(request, name)


@never_cache
@require_safe
def comment(request: HttpRequest, name: str, comment: int) -> HttpResponse:
    """To where the comment stands in its discussion."""
    paper, public_id = find_or_404(name)
    if not sight.placed(viewer_of(request)).filter(pk=comment, paper=paper).exists():
        raise Http404("There is no such comment.")
    return see_other(_place_of(request, paper, public_id, comment))


@never_cache
@require_safe
def history(request: HttpRequest, name: str, comment: int) -> HttpResponse:
    """What a comment said before it was edited, for whoever may read it."""
    paper, public_id = find_or_404(name)
    found = sight.readable(viewer_of(request)).filter(pk=comment, paper=paper).first()
    if found is None:
        raise Http404("There is no such comment.")
    edits = found.edits.order_by("-pk")
    return page(
        request,
        "history.html",
        public_id=public_id,
        now_said=Markup(rendering.render(found.source)),  # noqa: S704 (of `rendering`)
        written_at=found.edited_at or found.written_at,
        edits=[(edit.at, Markup(rendering.render(edit.source))) for edit in edits],  # noqa: S704
        comment=found.pk,
    )


@never_cache
@only_posted
def act(request: HttpRequest, name: str, comment: int, does: str) -> HttpResponse:
    """Change a comment, as its form says, and show it."""
    paper, public_id = find_or_404(name)
    if not sight.readable(viewer_of(request)).filter(pk=comment, paper=paper).exists():
        raise Http404("There is no such comment.")
    source = request.POST.get("text", "")
    form = Form(does, source, at=comment)

    def do() -> int:
        _DEEDS[does](viewer_of(request), comment, request, timezone.now())
        return comment

    return _done(request, paper, public_id, form, do)


def _edit(viewer: Viewer, comment: int, request: HttpRequest, now: datetime) -> None:
    commenting.edit(viewer, comment, request.POST.get("text", ""), now=now)


def _note(viewer: Viewer, comment: int, request: HttpRequest, now: datetime) -> None:
    commenting.add_note(viewer, comment, request.POST.get("text", ""), now=now)


def _withdraw(viewer: Viewer, comment: int, request: HttpRequest, now: datetime) -> None:
    del request
    commenting.withdraw(viewer, comment, now=now)


def _confirm(viewer: Viewer, comment: int, request: HttpRequest, now: datetime) -> None:
    del request
    commenting.confirm(viewer, comment, now=now)


def _helpful(viewer: Viewer, comment: int, request: HttpRequest, now: datetime) -> None:
    commenting.find_helpful(viewer, comment, stands=request.POST.get("stands") == YES, now=now)


_DEEDS: dict[str, Callable[[Viewer, int, HttpRequest, datetime], None]] = {
    "edit": _edit,
    "note": _note,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "helpful": _helpful,
}
DEEDS = tuple(_DEEDS)


@never_cache
def _write(request: HttpRequest, name: str) -> HttpResponse:
    paper, public_id = find_or_404(name)
    answers, source = request.POST.get("answers", ""), request.POST.get("text", "")
    parent = key_in(answers) if answers else None
    if parent == 0:
        raise Http404("There is no such comment.")
    form = Form("write" if parent is None else "answer", source, at=parent)

    def do() -> int:
        viewer, now = viewer_of(request), timezone.now()
        named = with_scheme(public_id)
        return commenting.write(viewer, paper, named, source, answers=parent, now=now).pk

    return _done(request, paper, public_id, form, do)


def _done(
    request: HttpRequest, paper: int, public_id: str, form: Form, do: Callable[[], int]
) -> HttpResponse:
    """Do it, and show the comment; or show the form again, with what was written and why it was not done."""
    try:
        return see_other(_place_of(request, paper, public_id, do()))
    except NoCommentError as problem:
        raise Http404(str(problem)) from problem
    except NobodyError:
        if not form.text:
            return to_sign_in(came_from(request) or address("paper", public_id))
        said = "You are not signed in. Sign in in another window, and send this again."
        return _again(request, public_id, form, said, HTTPStatus.FORBIDDEN)
    except NotAllowedError as problem:
        return _again(request, public_id, form, str(problem), HTTPStatus.FORBIDDEN)
    except CommentError as problem:
        return _again(request, public_id, form, str(problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    except TakenTooMuchError as problem:
        response = _again(request, public_id, form, str(problem), HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(int(problem.retry_after.total_seconds()) or 1)
        return response


def _again(request: HttpRequest, name: str, form: Form, said: str, status: HTTPStatus) -> HttpResponse:
    if form.does in {"helpful", "withdraw", "confirm"}:
        return errors.refused(request, status=status, title="Not done", said=said)
    return _page(request, name, form=Form(form.does, form.text, said, form.at), status=status)


@never_cache
def _of_reader(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name, form=_asked(request))


@kept(seconds=LISTS, reads=(PAGE,), shows=counting.mark_of_talk)
def _of_everybody(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name, form=Form())


def _page(request: HttpRequest, name: str, *, form: Form, status: int = HTTPStatus.OK) -> HttpResponse:
    paper, public_id = find_or_404(name)
    if public_id != name and request.method != "POST":
        return HttpResponsePermanentRedirect(address("discussion", public_id))
    viewer, here = viewer_of(request), address("discussion", public_id)
    discussed = threads.of_paper(paper, viewer, now=timezone.now())
    number = requested_page(request) if form.at is None else _page_of(discussed, form.at)
    pages = pages_or_404(number, size=SIZE, total=len(discussed.order))
    start = pages.first_place - 1
    return page(
        request,
        "discussion.html",
        status=status,
        title=text.inline(Paper.objects.values_list("title", flat=True).get(pk=paper)),
        public_id=public_id,
        talk=Markup(here),  # noqa: S704 (an address of ours, which needs no escaping)
        place=here,
        threads=discussed.threads(start, start + SIZE),
        visible=discussed.visible,
        pages=pages,
        form=form,
        is_somebody=viewer.pk is not None,
    )


def _page_of(discussed: Discussion, comment: int) -> int:
    """The number of the page that the comment stands on; the first where it has no place."""
    return (discussed.place_of(comment) or 0) // SIZE + 1


def _asked(request: HttpRequest) -> Form:
    """What the reader wants to do with which comment, as the address says."""
    for does in ("answer", "edit", "note", "withdraw"):
        if comment := key_in(request.GET.get(does, "")):
            source = _source(request, comment) if does == "edit" else ""
            return Form(does, source, at=comment)
    return Form()


def _source(request: HttpRequest, comment: int) -> str:
    """What the reader's own comment says, as they wrote it."""
    viewer = viewer_of(request)
    own = sight.readable(viewer).filter(pk=comment, person=viewer.pk)
    return own.values_list("source", flat=True).first() or ""


def _place_of(request: HttpRequest, paper: int, public_id: str, comment: int) -> str:
    """Where a comment stands in the discussion."""
    number = _page_of(threads.of_paper(paper, viewer_of(request), now=timezone.now()), comment)
    return f"{address('discussion', public_id)}{f'?{PAGE}={number}' if number > 1 else ''}#c{comment}"
