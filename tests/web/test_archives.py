"""The archive: every edition, a year on a page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from tests.web.press import paper, publish

pytestmark = pytest.mark.django_db
OF_YEARS = (date(2025, 12, 30), date(2026, 11, 16), date(2026, 11, 20))


@pytest.fixture(autouse=True)
def papers() -> None:
    publish(*(paper(number, listed=day) for number, day in enumerate(OF_YEARS, start=1)))


@pytest.mark.parametrize(
    ("address", "kind", "names"),
    [
        ("/papers/date", "date", ["2026-11-16", "2026-11-20"]),
        ("/papers/date?year=2025", "date", ["2025-12-30"]),
        ("/papers/week", "week", ["2026-W47", "2026-W01"]),
        ("/papers/month", "month", ["2026-11"]),
        ("/papers/month?year=2025", "month", ["2025-12"]),
    ],
)
def test_each_edition_of_a_year_is_in_the_archive(read, address, kind, names):
    main = read(address).partition("<main")[2]
    found = re.findall(rf'href="/papers/{kind}/([0-9W-]+)"', main)
    # A calendar also leads to its weeks and months.
    assert [name for name in found if name in names] == names
    if kind != "date":
        assert found == names


def test_a_year_without_papers_is_not_in_the_archive(client):
    assert client.get("/papers/date?year=1999").status_code == 404


def test_an_edition_leads_to_the_archive(read):
    assert 'href="/papers/week"' in read("/papers/week/2026-W47")
