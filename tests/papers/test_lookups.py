"""Many values asked about at once."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from broadsheet.papers.models import Organization

NAMES = [
    "Plain",
    "it's",
    'a "quote"',
    "back\\slash",
    "100 %",
    "%s",
    "{}",
    "Łukasz",
    "潮汐",
    "𝛼",
    "",
    " ",
    "5",
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizations() -> QuerySet[Organization]:
    Organization.objects.bulk_create(
        Organization(slug=f"slug-{number}", name=name) for number, name in enumerate(NAMES)
    )
    return Organization.objects.all()


@pytest.mark.parametrize("name", NAMES)
def test_a_text_finds_exactly_the_rows_that_have_it(organizations: QuerySet[Organization], name: str) -> None:
    found = organizations.filter(name__among=[name, "nobody's"])

    assert [one.name for one in found] == [name]


def test_whole_numbers_of_any_collection_find_their_rows(organizations: QuerySet[Organization]) -> None:
    organizations.filter(slug="slug-3").update(lead=7)
    organizations.filter(slug="slug-4").update(lead=2**31 - 1)

    found = organizations.filter(lead__among={7, 2**31 - 1}).order_by("slug")

    assert [one.slug for one in found] == ["slug-3", "slug-4"]


def test_no_value_finds_nothing(organizations: QuerySet[Organization]) -> None:
    assert not organizations.filter(name__among=[]).exists()


def test_tens_of_thousands_of_values_are_no_more_than_one_parameter(
    organizations: QuerySet[Organization],
) -> None:
    found = organizations.filter(name__among=[*(f"nobody {number}" for number in range(40_000)), "Łukasz"])

    assert [one.name for one in found] == ["Łukasz"]
