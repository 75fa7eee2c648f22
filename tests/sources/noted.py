"""What runs leave behind about a source's days, written with one call: Friday is 20 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

FRIDAY = date(2026, 11, 20)


def at(day: date, hour: int = 6) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def visit(day: date, scope: str = "cs.LG", outcome: str = "seen", **more) -> None:
    from broadsheet.sources.models import Visit

    facts = {"source": "arxiv", "items": 3, "at": at(day)} | more
    Visit.objects.create(scope=scope, day=day, outcome=outcome, **facts)


def announce(day: date, *values: str, received: datetime | None = None, source: str = "arxiv") -> None:
    from broadsheet.sources.models import Announcement

    Announcement.objects.bulk_create(
        Announcement(source=source, day=day, scheme="arxiv", value=value, version=1, received_at=received)
        for value in values
    )
