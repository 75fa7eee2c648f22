"""The form by which readers tell moderators of a comment, a submission, a person or a topic."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.accounts.access import NotAllowedError
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.accounts.models import Person
from broadsheet.community import reporting
from broadsheet.daily import topics
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import to_sign_in
from broadsheet.web.papers import find_or_404
from broadsheet.web.templating import page

WHAT = {
    reporting.COMMENT: "comment",
    reporting.SUBMISSION: "submission",
    reporting.PERSON: "person",
    reporting.TOPIC: "topic",
}


@never_cache
def comment(request: HttpRequest, name: str, comment: int) -> HttpResponse:
    """Report a comment on that paper."""
    paper, _ = find_or_404(name)
    return _report(request, reporting.COMMENT, comment, paper=paper)


@never_cache
def submission(request: HttpRequest, submission: int) -> HttpResponse:
    """Report a submission."""
    return _report(request, reporting.SUBMISSION, submission)


@never_cache
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """Report a person, or what their page says."""
    found = Person.objects.filter(handle=handle).values_list("pk", flat=True).first()
    return _report(request, reporting.PERSON, found or 0)


@never_cache
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """Report a topic."""
    try:
        found = topics.find(viewer_of(request), name)
    except topics.UnknownTopicError as problem:
        raise Http404(str(problem)) from problem
    return _report(request, reporting.TOPIC, found.pk)


def _report(request: HttpRequest, kind: str, target: int, *, paper: int | None = None) -> HttpResponse:
    thing, viewer = _thing_or_404(kind, target, paper=paper), viewer_of(request)
    if viewer.person is None:
        return to_sign_in(request.path)
    if request.method != "POST":
        return _form(request, thing)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    try:
        reporting.report(viewer, kind, target, reason=reason, note=note, now=timezone.now())
    except reporting.ReportError as problem:
        return _form(request, thing, said=str(problem))
    except NotAllowedError as problem:
        return errors.refused(request, status=HTTPStatus.FORBIDDEN, title="Not reported", said=str(problem))
    except TakenTooMuchError as problem:
        return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
    return page(request, "reported.html", what=WHAT[kind])


def _thing_or_404(kind: str, target: int, *, paper: int | None) -> reporting.Thing:
    try:
        thing = reporting.thing(kind, target)
    except reporting.NothingThereError as problem:
        raise Http404(str(problem)) from problem
    if paper is not None and thing.paper != paper:
        raise Http404("There is nothing like that here.")
    return thing


def _form(request: HttpRequest, thing: reporting.Thing, *, said: str = "") -> HttpResponse:
    return page(
        request,
        "report.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        said=said,
        what=WHAT[thing.kind],
        person=thing.person,
        reasons=reporting.REASONS[thing.kind],
        chosen=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
    )
