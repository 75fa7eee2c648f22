"""Whether the site works, for those who watch over it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from broadsheet.sources.completeness import status

GAP_DAYS = Gauge("broadsheet_source_gap_days", "Days of the last 90 with a gap.", ["family"])
GOOD_SECONDS = Gauge("broadsheet_source_good_seconds", "Time since the last good run.", ["family"])


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, 503 while the database does not answer."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times in the format of Prometheus."""
    del request
    _measure_sources()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _measure_sources() -> None:
    """Without the database there is nothing to tell of sources, and more than ever of the rest."""
    GAP_DAYS.clear()
    GOOD_SECONDS.clear()
    now = timezone.now()
    try:
        families = [family for family in status.read(now=now) if family.is_on]
    except DatabaseError:
        return
    for family in families:
        GAP_DAYS.labels(family.family).set(family.gap_days)
        if family.last_good_at:
            GOOD_SECONDS.labels(family.family).set((now - family.last_good_at).total_seconds())
