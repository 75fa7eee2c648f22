"""People and papers for tests of what people do together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import PaperIdentifier
from broadsheet.papers.record import Listing, Record, Signal

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(number: int, *days_ago: int, source: str = "huggingface", **signals: int) -> Record:
    """A paper that was listed so many days ago, with what was counted of it elsewhere."""
    return Record(
        source=source,
        key=f"{number}",
        title=f"Tides of the kind {number}",
        identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
        listings=tuple(Listing(TODAY - timedelta(days=one), 1) for one in days_ago),
        signals=tuple(Signal(name, value) for name, value in signals.items()),
        observed_at=NOW,
    )


def papers(*numbers: int, days_ago: int = 1) -> list[int]:
    """The keys of new papers that were listed."""
    store([record(number, days_ago) for number in numbers], now=NOW)
    return [paper(number) for number in numbers]


def paper(number: int) -> int:
    return PaperIdentifier.objects.get(scheme="arxiv", value=f"2611.{number:05}").paper_id


def named(number: int) -> str:
    return f"arxiv:2611.{number:05}"


def person(number: int = 1, **more: object) -> Person:
    """Somebody who is vouched for, unless said otherwise."""
    known = {"vouched_at": NOW - timedelta(days=1), "handle": f"reader-{number}", **more}
    return Person.objects.create(**known)


def people(*numbers: int, **more: object) -> list[Viewer]:
    return [Viewer(person(number, **more)) for number in numbers]
