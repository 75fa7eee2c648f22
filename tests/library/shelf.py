"""A reader with some papers, for tests of what is a person's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.press import paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.models import Paper

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def reader(handle: str = "ada") -> Viewer:
    return Viewer(Person.objects.create(handle=handle, vouched_at=NOW, joined_at=NOW))


def some(many: int) -> dict[int, str]:
    """So many papers, each with its name."""
    publish(*(paper(number) for number in range(1, many + 1)))
    rows = Paper.objects.order_by("pk").values_list("pk", "public_id")
    return {pk: with_scheme(name) for pk, name in rows}
