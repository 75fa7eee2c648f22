"""What the site says about itself: how it ranks, how it is doing, what robots may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from broadsheet.daily import editions, ranking
from broadsheet.papers import reading
from broadsheet.search import fusion
from broadsheet.search import status as index_status
from broadsheet.sources.models import Run
from broadsheet.web.templating import asset, page

RUNS_SHOWN = 10
ROBOTS = "User-agent: *\nDisallow: /papers?\nDisallow: /*/similar\n"


@require_safe
def about_ranking(request: HttpRequest) -> HttpResponse:
    """How lists are ordered, with the numbers in force."""
    return page(request, "ranking.html", ranking=ranking, editions=editions, fusion=fusion)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How much the catalogue and the index hold, and what the last imports brought."""
    runs = Run.objects.order_by("-started_at", "-pk")[:RUNS_SHOWN]
    return page(request, "status.html", counts=reading.counts(), runs=runs, index=index_status.read())


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything but searches, which cost most and lead nowhere new."""
    del request
    return HttpResponse(ROBOTS, content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Some programs ask for the icon where icons used to be."""
    del request
    return redirect(asset("icon.svg"))
