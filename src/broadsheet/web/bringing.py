"""A library in from a file and out to one: the page on which a reader looks at a file first."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts.access import NobodyError
from broadsheet.daily import taking_out
from broadsheet.http.having_fetched import wake_after_import
from broadsheet.http.posting import SAFE_METHODS
from broadsheet.http.viewers import viewer_of
from broadsheet.library import taking, uploads
from broadsheet.library.acting import GoneError
from broadsheet.library.brought import BringingError, Line, Outcome, Report, Wish
from broadsheet.library.notes import NoteError
from broadsheet.library.saving import SavingError
from broadsheet.sources.library_formats import FORMATS, LARGEST
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

REFUSED = (BringingError, SavingError, NoteError, GoneError)
# So many lines of each outcome stand on the page; the numbers are of all.
LINES_SHOWN = 200


@never_cache
@as_allowed
def look(request: HttpRequest) -> HttpResponse:
    """The form; by POST what would come of the file or the text that was sent, of which nothing is done."""
    viewer = viewer_of(request)
    if request.method in SAFE_METHODS:
        if viewer.person is None:
            return redirect_to_login(request.get_full_path())
        return _page(request)
    if viewer.person is None:
        raise NobodyError("Sign in first.")
    form, sent = request.POST, request.FILES.get("file")
    wish = Wish(form.get("state", ""), form.get("format", ""), adds=form.get("adds") == "yes")
    try:
        if wish.format not in {"", *FORMATS}:
            raise BringingError("There is no such format.")
        content = sent.read() if sent else form.get("text", "").encode()
        name = sent.name or "" if sent else "what you pasted"
        report = uploads.look(viewer, content, wish, name=name, now=timezone.now())
    except REFUSED as problem:
        return _page(request, wish=wish, text=form.get("text", ""), said=str(problem))
    return _page(request, wish=wish, report=report, name=name)


@never_cache
@only_posted
@as_allowed
def take(request: HttpRequest) -> HttpResponse:
    """Bring in the file that was looked at."""
    try:
        report = uploads.take(viewer_of(request), now=timezone.now())
    except REFUSED as problem:
        return _page(request, said=str(problem))
    wake_after_import(report)
    return _page(request, report=report)


@never_cache
@require_safe
@as_allowed
def export(request: HttpRequest, form: str = "") -> HttpResponse:
    """The reader's library as a file (`?form=`): all of it, or what a search in it finds (`?q=`)."""
    now = timezone.now()
    form = form or request.GET.get("form", "json")
    if form not in taking.FORMS:
        raise Http404("A library is no file of that form.")
    content = taking_out.take(viewer_of(request), form, request.GET.get("q", ""), now=now)
    headers = {"Content-Disposition": f'attachment; filename="library-{now.date()}.{form}"'}
    return HttpResponse(content, content_type=taking.FORMS[form].content_type, headers=headers)


def _page(
    request: HttpRequest,
    *,
    wish: Wish | None = None,
    report: Report | None = None,
    name: str = "",
    text: str = "",
    said: str = "",
) -> HttpResponse:
    return page(
        request,
        "bringing.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        wish=wish or Wish(),
        report=report,
        name=name,
        text=text,
        said=said,
        outcomes=[(outcome, report.counts[outcome], _shown(report, outcome)) for outcome in Outcome]
        if report
        else [],
        states=taking.STATES,
        formats=FORMATS.values(),
        forms=taking.FORMS,
        query=request.GET.get("q", ""),
        megabytes=LARGEST >> 20,
    )


def _shown(report: Report, outcome: Outcome) -> list[Line]:
    return [line for line in report.lines if line.outcome == outcome][:LINES_SHOWN]
