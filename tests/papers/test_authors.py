"""Authors and organizations of the catalogue: which spelling is shown, who is there, and where old addresses lead."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.papers import authors, counting, reading
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Author, AuthorAlias, Authorship, Organization, Paper
from broadsheet.papers.names import chosen
from broadsheet.papers.record import AuthorName, OrganizationName, Record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, tzinfo=UTC)
SPELLINGS = ("Jose Vale", "JOSE VALE", "José Vale", "Jose Valé", "Bo Fisk", "BO FISK")


def record(number: int, *names: str, version: int = 1, organization: str = "") -> Record:
    key = f"2611.{number:05}"
    return Record(
        source="arxiv",
        key=key,
        title=f"Tides {number}",
        authors=tuple(map(AuthorName, names)),
        organizations=(OrganizationName("northlab", organization),) if organization else (),
        identifiers=(Identifier("arxiv", key),),
        observed_at=NOW.replace(hour=version),
    )


def shown() -> dict[str, str]:
    return dict(Author.objects.values_list("slug", "name"))


def test_the_spelling_that_is_shown_depends_on_neither_order_nor_batches() -> None:
    records = [record(number, *random.Random(number).sample(SPELLINGS, 3)) for number in range(40)]
    seen = []
    for seed in range(5):
        Paper.objects.all().delete()
        Author.objects.all().delete()
        random.Random(seed).shuffle(records)
        for start in range(0, 40, seed * 3 + 1):
            store(records[start : start + seed * 3 + 1], now=NOW)
        seen.append(shown())
    assert seen == [seen[0]] * 5


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(1, 4), st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=3)),
            max_size=4,
        ),
        max_size=8,
    )
)
def test_whatever_is_revised_the_spelling_is_that_of_a_recount_and_who_has_no_paper_leaves(batches) -> None:
    Paper.objects.all().delete()
    Author.objects.all().delete()
    for version, batch in enumerate(batches, start=1):
        store([record(number, *names, version=version) for number, names in batch], now=NOW)
    counts: dict[str, Counter[str]] = {}
    for slug, name in Authorship.objects.values_list("author_id", "name"):
        counts.setdefault(slug, Counter())[name] += 1
    assert shown() == {slug: chosen(spellings)[0] for slug, spellings in counts.items()}
    for author in Author.objects.all():
        assert author.lead <= chosen(counts[author.slug])[1]


def test_the_name_of_an_organization_is_chosen_as_that_of_an_author() -> None:
    for number, name in enumerate(("Northlab", "North Lab", "North Lab"), start=1):
        store([record(number, "Ada Vale", organization=name)], now=NOW)
    assert authors.organization("northlab") == reading.Name("northlab", "North Lab")
    store([record(number, "Ada Vale", version=2) for number in (1, 2, 3)], now=NOW)
    assert not Organization.objects.exists()


def test_whom_no_paper_names_any_more_is_gone() -> None:
    store([record(1, "Jon Vale", "Bo Fisk")], now=NOW)
    store([record(1, "John Vale", "Bo Fisk", version=2)], now=NOW)
    assert authors.author("jon-vale") is None
    assert counting.counts(now=NOW).authors == 2


def test_a_paper_more_of_a_known_author_counts_none_of_the_others() -> None:
    store([record(number, "Ada Vale") for number in range(1, 40)], now=NOW)
    store([record(40, "ADA VALE")], now=NOW)
    assert Author.objects.get().lead == 38
    store([record(41, "ADA VALE")], now=NOW)
    assert (Author.objects.get().name, Author.objects.get().lead) == ("Ada Vale", 37)


def test_an_old_address_of_an_author_leads_on(client: Client) -> None:
    store([record(1, "Łucja Vale")], now=NOW)
    AuthorAlias.objects.create(old="ucja-vale", slug="lucja-vale")
    page = client.get("/authors/ucja-vale")
    assert (page.status_code, page["Location"]) == (301, "/authors/lucja-vale")
    feed = client.get("/authors/ucja-vale.atom")
    assert (feed.status_code, feed["Location"]) == (301, "/authors/lucja-vale.atom")
    assert client.get("/api/v1/authors/ucja-vale").json()["total"] == 1
    assert client.get("/authors/Łucja Vale")["Location"] == "/authors/lucja-vale"


def test_an_author_who_has_an_old_address_keeps_it(client: Client) -> None:
    store([record(1, "Łucja Vale", "Ucja Vale")], now=NOW)
    AuthorAlias.objects.create(old="ucja-vale", slug="lucja-vale")
    assert client.get("/authors/ucja-vale").status_code == 200
