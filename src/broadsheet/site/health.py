"""Whether the site works, for those who watch over it."""

from __future__ import annotations

from http import HTTPStatus
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from broadsheet.accounts.limits import client_of
from broadsheet.accounts.settings import LimitSettings
from broadsheet.community import nightly
from broadsheet.configured import configured, instance
from broadsheet.digests import overview
from broadsheet.papers import database_file
from broadsheet.papers.disk import free_bytes
from broadsheet.sources.completeness import status

GAP_DAYS = Gauge("broadsheet_source_gap_days", "Days of the last 90 with a gap.", ["family"])
GOOD_SECONDS = Gauge("broadsheet_source_good_seconds", "Time since the last good run.", ["family"])

DIGESTS = Gauge("broadsheet_digests", "Digests by how far they are.", ["state"])
OLDEST_DUE = Gauge("broadsheet_digest_oldest_due_seconds", "How long the oldest digest that is due waits.")
PAUSED = Gauge("broadsheet_digests_paused", "Whether all sending is paused.")

TALLIES_WRONG = Gauge("broadsheet_tallies_wrong", "Tallies that the last recount of votes found wrong.")
FREE_BYTES = Gauge("broadsheet_free_bytes", "What may still be written on the disk of the data folder.")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, 503 while the database does not answer."""
    del request
    try:
        with connection.cursor() as cursor:
            # What needs no table would not find out that the file of SQLite is cut short.
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if database_file.gone():
        return HttpResponse("the database is away\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times in the format of Prometheus, for whoever has the token, or is on this machine."""
    if not _may_watch(request):
        said = "Ask from the machine of this site, or with the token of BROADSHEET_METRICS_TOKEN.\n"
        return HttpResponse(said, status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    FREE_BYTES.set(free_bytes(instance().data))
    _measure_sources()
    _measure_digests()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_watch(request: HttpRequest) -> bool:
    """True for the token; else for this machine alone, unless a proxy of which we know nothing asks."""
    token = settings.BROADSHEET.metrics_token.get_secret_value()
    sent = request.headers.get("Authorization", "")
    if token and compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return True
    address, forwarded = client_of(request.META), request.headers.get("X-Forwarded-For", "")
    is_here = address is not None and address.is_loopback
    return is_here and (not forwarded or configured(LimitSettings).proxies > 0)


def _measure_sources() -> None:
    """Without the database there is nothing to tell of sources, and more than ever of the rest."""
    GAP_DAYS.clear()
    GOOD_SECONDS.clear()
    now = timezone.now()
    try:
        TALLIES_WRONG.set(nightly.wrong())
        families = [family for family in status.read(now=now) if family.is_on]
    except DatabaseError:
        return
    for family in families:
        GAP_DAYS.labels(family.family).set(family.gap_days)
        if family.last_good_at:
            GOOD_SECONDS.labels(family.family).set((now - family.last_good_at).total_seconds())


def _measure_digests() -> None:
    now = timezone.now()
    try:
        stands = overview.read(now=now)
    except DatabaseError:
        return
    for state in ("due", "deferred", "doubtful", "failed"):
        DIGESTS.labels(state).set(getattr(stands, state))
    OLDEST_DUE.set((now - stands.oldest_due).total_seconds() if stands.oldest_due else 0)
    PAUSED.set(bool(stands.paused))
