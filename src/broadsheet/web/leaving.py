"""All that is mine as a file, and leaving: by forms of the page of settings."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.accounts import exporting, leaving
from broadsheet.accounts.access import NobodyError, NotAllowedError
from broadsheet.accounts.leaving import Choice, LeavingError
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

GO = "go"


@never_cache
def export(request: HttpRequest) -> HttpResponseBase:
    """Send all that is the reader's own."""
    if request.method != "POST":
        return errors.only_posted(request)
    now = timezone.now()
    try:
        archive = exporting.export(viewer_of(request), now=now)
    except NobodyError:
        return redirect("account_login")
    name = f"broadsheet-{now.date()}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@only_posted
def leave(request: HttpRequest) -> HttpResponse:
    """Let the reader leave in a week, and sign them out."""
    form = request.POST
    choice = Choice(votes_go=form.get("votes") == GO, comments_go=form.get("comments") == GO)
    try:
        leaving.ask(viewer_of(request), form.get("typed", ""), choice, now=timezone.now())
    except NobodyError:
        return redirect("account_login")
    except (NotAllowedError, LeavingError) as problem:
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Still here", said=str(problem))
    logout(request)
    return page(request, "leaving.html", days=leaving.GRACE.days)


@never_cache
@only_posted
def stay(request: HttpRequest) -> HttpResponse:
    """Let the reader stay."""
    try:
        leaving.stay(viewer_of(request), now=timezone.now())
    except NobodyError:
        return redirect("account_login")
    return see_other(reverse("settings"))
