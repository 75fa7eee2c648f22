"""The discussion of a paper: its page, and the forms that write and change comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

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
from broadsheet.community.threads import Thread
from broadsheet.http.keeping import LISTS, kept
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

# So many comments are shown at first; a link shows the rest.
FOLDED_AFTER = 200
ALL, YES = "all", "yes"


def discussion(request: HttpRequest, name: str) -> HttpResponse:
    """The discussion of a paper; a POST adds to it."""
    if request.method == "POST":
        return _write(request, name)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if is_personal(request):
        return _of_reader(request, name)
    if request.GET.get(ALL):
        # One page is kept of the whole discussion, whatever is written after `all=`.
        return HttpResponsePermanentRedirect(f"{request.path}?{ALL}")
    return _of_everybody(request, name)


@never_cache
@require_safe
def comment(request: HttpRequest, name: str, comment: int) -> HttpResponse:
    """To where the comment stands in its discussion."""
    paper, public_id = find_or_404(name)
    if not sight.placed(viewer_of(request)).filter(pk=comment, paper=paper).exists():
        raise Http404("There is no such comment.")
    return see_other(_place_of(paper, public_id, comment))


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
    paper, _ = find_or_404(name)
    if not sight.readable(viewer_of(request)).filter(pk=comment, paper=paper).exists():
        raise Http404("There is no such comment.")
    source = request.POST.get("text", "")
    form = Form(does, source, at=comment)

    def do() -> int:
        _DEEDS[does](viewer_of(request), comment, request, timezone.now())
        return comment

    return _done(request, name, form, do)


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

    return _done(request, name, form, do)


def _done(request: HttpRequest, name: str, form: Form, do: Callable[[], int]) -> HttpResponse:
    """Do it, and show the comment; or show the form again, with what was written and why it was not done."""
    paper, public_id = find_or_404(name)
    try:
        return see_other(_place_of(paper, public_id, do()))
    except NoCommentError as problem:
        raise Http404(str(problem)) from problem
    except NobodyError:
        if not form.text:
            return to_sign_in(came_from(request) or address("paper", public_id))
        said = "You are not signed in. Sign in in another window, and send this again."
        return _again(request, name, form, said, HTTPStatus.FORBIDDEN)
    except NotAllowedError as problem:
        return _again(request, name, form, str(problem), HTTPStatus.FORBIDDEN)
    except CommentError as problem:
        return _again(request, name, form, str(problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    except TakenTooMuchError as problem:
        response = _again(request, name, form, str(problem), HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(int(problem.retry_after.total_seconds()) or 1)
        return response


def _again(request: HttpRequest, name: str, form: Form, said: str, status: HTTPStatus) -> HttpResponse:
    if form.does in {"helpful", "withdraw", "confirm"}:
        return errors.refused(request, status=status, title="Not done", said=said)
    return _page(request, name, form=Form(form.does, form.text, said, form.at), status=status)


@never_cache
def _of_reader(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name, form=_asked(request))


@kept(seconds=LISTS, reads=(ALL,), shows=counting.mark_of_talk)
def _of_everybody(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name, form=Form())


def _page(request: HttpRequest, name: str, *, form: Form, status: int = HTTPStatus.OK) -> HttpResponse:
    paper, public_id = find_or_404(name)
    if public_id != name and request.method != "POST":
        return HttpResponsePermanentRedirect(address("discussion", public_id))
    viewer = viewer_of(request)
    all_of_it = threads.of_paper(paper, viewer, now=timezone.now())
    many = sum(1 + len(thread.answers) for thread in all_of_it)
    is_whole = ALL in request.GET or form.at is not None
    here = address("discussion", public_id)
    context: dict[str, Any] = {
        "title": text.inline(Paper.objects.values_list("title", flat=True).get(pk=paper)),
        "threads": all_of_it if is_whole else folded(all_of_it),
        "folded": 0 if is_whole else max(0, many - FOLDED_AFTER),
        "visible": sum(place.is_visible for thread in all_of_it for place in (thread.first, *thread.answers)),
    }
    return page(
        request,
        "discussion.html",
        status=status,
        public_id=public_id,
        talk=Markup(here),  # noqa: S704 (an address of ours, which needs no escaping)
        place=here,
        form=form,
        is_somebody=viewer.pk is not None,
        **context,
    )


def folded(every: Sequence[Thread]) -> list[Thread]:
    """The threads as far as the first comments go."""
    left, shown = FOLDED_AFTER, []
    for thread in every:
        if left > 0:
            shown.append(Thread(thread.first, thread.answers[: left - 1]))
        left -= 1 + len(thread.answers)
    return shown


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


def _place_of(paper: int, public_id: str, comment: int) -> str:
    """Where a comment stands: on the page of the whole discussion, where a part of it is folded."""
    is_long = counting.comments(paper) > FOLDED_AFTER
    return f"{address('discussion', public_id)}{'?' + ALL if is_long else ''}#c{comment}"
