"""Papers for pages to show: written with one call, printed on Friday, 20 November 2026."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Listing, OrganizationName, Record, Signal

FRIDAY = date(2026, 11, 20)
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
ABSTRACT = "We read what others wrote and print what we learnt. " * 12
VENUES = ("Cavendish Laboratory", "Mira & Sons", "Observatory of the North")


def paper(number: int, *, listed: date | None = FRIDAY, published: date | None = None, **more) -> Record:
    """A paper that a source listed on a day, complete enough to fill every part of a card."""
    day = published or (listed or FRIDAY) - timedelta(days=2)
    venue = VENUES[number % len(VENUES)]
    facts = {
        "title": f"Paper number {number}",
        "abstract": ABSTRACT,
        "authors": tuple(AuthorName(f"Author {name} of {number % 7}") for name in "ABCDEFG"),
        "organizations": (OrganizationName(venue.split()[0].lower(), venue),),
        "categories": ("cs.LG", "stat.ML"),
        "links": (Link("code", f"https://code.example/{number}"),),
        "signals": (Signal("upvotes", 1 + number), Signal("comments", 2)),
    }
    return Record(
        source="huggingface",
        key=str(number),
        identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
        published_at=datetime.combine(day, time(8), tzinfo=UTC),
        listings=(Listing(listed, number, "Mira"),) if listed else (),
        observed_at=SUNDAY,
        **(facts | more),
    )


def publish(*records: Record) -> None:
    """Put the papers into the catalogue, and wait until every page shows them."""
    # Imported late: pytest reads this folder's conftest.py, which needs SUNDAY, before Django is set up.
    from broadsheet.community import counting
    from broadsheet.http.shelf import shelf
    from broadsheet.papers import marks
    from broadsheet.papers.catalogue import store
    from broadsheet.web import counts

    store(records, now=SUNDAY)
    shelf.clear()
    marks.forget()
    counting.lately.forget()
    counts.lately()  # looked up once in ten seconds, for the pages of all lists


def without_ours(html: str) -> str:
    """The page without the one script of ours, which every page loads."""
    return re.sub(r'<script src="/static/keys\.js\?v=[0-9a-f]{12}" defer></script>', "", html, count=1)


class Links(HTMLParser):
    """The addresses a page leads to, and those of the files it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.loaded: list[str] = []
        self.styled: list[str] = []
        self.feed(without_ours(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.targets.append(given["href"] or "")
        elif "src" in given:
            self.loaded.append(given["src"] or "")
        elif tag == "link" and given.get("rel") in {"stylesheet", "icon"}:
            self.loaded.append(given["href"] or "")
        is_data = given.get("type") == "application/ld+json"
        if (
            tag == "style"
            or (tag == "script" and not is_data)
            or "style" in given
            or any(name.startswith("on") for name in given)
        ):
            self.styled.append(tag)
