"""Sitemaps (sitemaps.org): for search engines every page of ours but searches, the papers by month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from broadsheet.daily import archive
from broadsheet.http.addresses import whole
from broadsheet.http.keeping import kept
from broadsheet.web.categories import by_group

KEPT_FOR = 3600
# The most that the protocol allows.
IN_A_FILE = 50_000
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES = (
    "front",
    "trending",
    "categories",
    "organizations",
    "topics",
    "feeds",
    "ranking",
    "status",
    "about",
    "archive_day",
)
Place = tuple[str, datetime | None]


@require_safe
@kept(seconds=KEPT_FOR)
def index(request: HttpRequest) -> HttpResponse:
    """All sitemaps: that of the pages, and of each month as many as its papers need."""
    files: list[Place] = [("pages", None)]
    for shelf in archive.shelves():
        parts = range(1, -(-shelf.papers // IN_A_FILE) + 1)
        files += [(shelf.name if part == 1 else f"{shelf.name}-{part}", shelf.revised_at) for part in parts]
    places = [(reverse("sitemap", args=[name]), changed_at) for name, changed_at in files]
    return _answer(request, "sitemapindex", "sitemap", places)


@require_safe
@kept(seconds=KEPT_FOR)
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that are no paper's: fixed ones, the categories that are shown, and every edition."""
    return _answer(request, "urlset", "url", _pages())


@require_safe
@kept(seconds=KEPT_FOR)
def papers(request: HttpRequest, name: str) -> HttpResponse:
    """The papers of a month, or of no known day; the first file has no number, the next is `-2`."""
    asked = re.fullmatch(r"([0-9]{4}-[0-9]{2}|undated)(?:-([2-9]|[1-9][0-9]{1,2}))?", name)
    if asked is None:
        raise Http404("There is no such sitemap.")
    offset = (int(asked[2] or 1) - 1) * IN_A_FILE
    found = archive.on_shelf(asked[1], offset=offset, limit=IN_A_FILE)
    if not found:
        raise Http404("There are no papers in this sitemap.")
    places = ((reverse("paper", args=[public_id]), revised_at) for public_id, revised_at in found)
    return _answer(request, "urlset", "url", places)


def _pages() -> Iterator[Place]:
    for name in PAGES:
        yield reverse(name), None
    for group in by_group().values():
        yield from ((reverse("category", args=[one.code]), None) for one in group)
    for period in archive.all_editions():
        yield reverse(period.kind, args=[period.name]), None


def _answer(request: HttpRequest, root: str, element: str, places: Iterable[Place]) -> HttpResponse:
    start = escape(whole(request))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{SCHEMA}">']
    for path, changed_at in places:
        changed = f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
        lines.append(f"<{element}><loc>{start}{escape(path)}</loc>{changed}</{element}>")
    lines.append(f"</{root}>\n")
    return HttpResponse("\n".join(lines), content_type="application/xml")
