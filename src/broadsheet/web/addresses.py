"""Where each list of papers has its page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from broadsheet.daily.lists import PaperList


def list_page(papers: PaperList) -> str:
    """The path, and for a search the query, of the page that shows the list."""
    if papers.kind == "latest":
        return reverse("front")
    if papers.kind == "search":
        return reverse("search") + (f"?{urlencode({'q': papers.name})}" if papers.name else "")
    return reverse(papers.kind, args=[papers.name] if papers.name else [])
