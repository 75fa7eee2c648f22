"""What a reader leaves out of all lists: a page of their settings, and the form on pages that name it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.http.posting import SAFE_METHODS, see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.library import ignoring
from broadsheet.web.acting import as_allowed, came_from
from broadsheet.web.forms import NO
from broadsheet.web.templating import page


@never_cache
@as_allowed
def left_out(request: HttpRequest) -> HttpResponse:
    """What the reader leaves out. By POST leave out what the form names, or no more, and go back to where it
    was pressed.
    """
    if viewer_of(request).person is None and request.method in SAFE_METHODS:
        return redirect_to_login(request.path)
    said = "" if request.method in SAFE_METHODS else _changed(request)
    if request.method not in SAFE_METHODS and not said:
        return see_other(came_from(request) or reverse("left_out"))
    return page(
        request,
        "left_out.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        said=said,
        kind=request.POST.get("kind", ""),
        name=request.POST.get("name", ""),
        mine=ignoring.mine(viewer_of(request)),
        longest=ignoring.LONGEST_WORDS,
    )


def _changed(request: HttpRequest) -> str:
    """Do what the form says. What is wrong with it, in a sentence; empty where nothing is."""
    kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
    change = ignoring.unignore if request.POST.get("stands") == NO else ignoring.ignore
    try:
        change(viewer_of(request), kind, name, now=timezone.now())
    except ignoring.IgnoringError as problem:
        return str(problem)
    return ""
