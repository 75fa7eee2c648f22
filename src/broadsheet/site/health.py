"""Whether the site works, for those who watch over it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


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
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
