"""The form by which a reader follows an author, an organization or a category."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.library import following
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed, came_from
from broadsheet.web.forms import NO, only_posted


@never_cache
@only_posted
@as_allowed
def follow(request: HttpRequest) -> HttpResponse:
    """Follow what the form names, or no more, and go back to where it was pressed."""
    kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
    viewer, now = viewer_of(request), timezone.now()
    try:
        if request.POST.get("stands") == NO:
            following.unfollow(viewer, kind, name, now=now)
        else:
            following.follow(viewer, kind, name, now=now)
    except following.NothingToFollowError as problem:
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="Nothing to follow", said=str(problem)
        )
    return see_other(came_from(request) or reverse("settings"))
