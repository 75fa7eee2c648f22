"""The search page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.papers import reading
from broadsheet.search import finding
from broadsheet.web.paging import pages_or_404, requested_page
from broadsheet.web.templating import page


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """What is found for `?q=`; without a question, all papers, the newest first."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    number, size = requested_page(request), settings.BROADSHEET.page_size
    result = finding.find(query, limit=size, offset=(number - 1) * size)
    pages = pages_or_404(number, size=size, total=result.total)
    found = reading.rows([hit.paper_pk for hit in result.hits])
    return page(request, "search.html", query=query, papers=found, pages=pages, result=result)
