"""The page of operators: what runs, in words; how sending stands, and the switch for it."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts import access
from broadsheet.digests import overview, switch, trying
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

BY_AN_OPERATOR = "an operator paused it on this page"


@never_cache
@require_safe
def operator(request: HttpRequest) -> HttpResponse:
    """What operators read; to everybody else there is no such page."""
    return _shown(request, _operator_or_404(request))


@never_cache
@only_posted
def mail(request: HttpRequest) -> HttpResponse:
    """Pause or resume sending, or send a test message."""
    now = _operator_or_404(request)
    act = request.POST.get("act")
    if act == "pause":
        switch.pause(BY_AN_OPERATOR, now=now)
    elif act == "resume":
        switch.resume()
    else:
        return _shown(request, now, tried=_tried(request.POST.get("address", "").strip(), now))
    return see_other(reverse("operator"))


def _tried(address: str, now: datetime) -> str:
    try:
        return trying.test(address, now=now)
    except trying.NotTakenError as problem:
        return str(problem)


def _shown(request: HttpRequest, now: datetime, tried: str = "") -> HttpResponse:
    return page(request, "operator.html", mail=overview.read(now=now), tried=tried)


def _operator_or_404(request: HttpRequest) -> datetime:
    now = timezone.now()
    if not access.may(viewer_of(request), "operate", now=now):
        raise Http404("There is no such page.")
    return now
