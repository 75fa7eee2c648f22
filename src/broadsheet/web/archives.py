"""The archive: every edition that there is, a year on a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.daily import archive, editions, periods
from broadsheet.daily.periods import Period
from broadsheet.http.keeping import kept
from broadsheet.web import calendars
from broadsheet.web.templating import page

KEPT_FOR = 600


@require_safe
@kept(seconds=KEPT_FOR, reads=("year",))
def editions_of(request: HttpRequest, kind: str) -> HttpResponse:
    """The editions of that kind in the `?year=`, else in the last one that has any. Raises Http404."""
    years = archive.years(kind)
    asked = request.GET.get("year", "")
    if asked and asked not in map(str, years):
        raise Http404("There are no papers of that year.")
    year = int(asked) if asked else max(years, default=timezone.now().year)
    found = archive.in_year(kind, year)
    shown: dict[str, Any] = {"editions": found}
    if kind == "day":
        shown = {"months": [(month, _calendar(month)) for month in archive.months_of(found)]}
    return page(
        request,
        "archive.html",
        kind=kind,
        years=years,
        year=year,
        today=timezone.now().date(),
        **shown,
    )


def _calendar(month: Period) -> list[calendars.Week]:
    # No day of it is the one that the page is about.
    nothing = periods.day(date.max - timedelta(days=1))
    return calendars.weeks(month, editions.papers_per_day(month.first, month.last), shown=nothing)
