"""Pages of authors and organizations that curators join, part and name; and what it is when they take it back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.papers import attributing, attributions, authors, reading, verdicts
from broadsheet.papers.attributing import AttributionError
from broadsheet.papers.attributions import Words
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import (
    Affiliation,
    Attribution,
    Author,
    Authorship,
    Change,
    Organization,
    Paper,
    PaperIdentifier,
)
from broadsheet.papers.rebuilding import redecided
from broadsheet.papers.record import AuthorName, OrganizationName, Record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, tzinfo=UTC)
AUTHOR, ORGANIZATION = "author", "organization"
Rows = tuple[list[tuple[object, ...]], ...]


def record(number: int, *names: str, version: int = 1, at: Sequence[str] = ()) -> Record:
    key = f"2611.{number:05}"
    return Record(
        source="arxiv",
        key=key,
        title=f"Tides {number}",
        authors=tuple(map(AuthorName, names)),
        organizations=tuple(OrganizationName(name.lower().replace(" ", ""), name) for name in at),
        identifiers=(Identifier("arxiv", key),),
        observed_at=NOW.replace(hour=version),
    )


def pk(number: int) -> int:
    return PaperIdentifier.objects.get(scheme="arxiv", value=f"2611.{number:05}").paper_id


def chosen(*numbers: int) -> list[tuple[int, str]]:
    return [(pk(number), f"arxiv:2611.{number:05}") for number in numbers]


def rows() -> Rows:
    """Who is in the catalogue and on which papers, with nothing that depends on the order of writing."""
    return (
        sorted(Author.objects.values_list("slug", "name")),
        sorted(Organization.objects.values_list("slug", "name")),
        sorted(
            Authorship.objects.values_list("paper__public_id", "position", "name", "author", "printed_slug")
        ),
        sorted(
            Affiliation.objects.values_list(
                "paper__public_id", "position", "name", "organization", "printed_slug"
            )
        ),
    )


def papers_of(slug: str) -> list[str]:
    return sorted(reading.papers_of_author(slug).values_list("public_id", flat=True))


def test_two_pages_become_one_and_the_address_of_the_one_that_goes_leads_on(client: Client) -> None:
    store([record(1, "Ada Vale", "Bo Fisk"), record(2, "A. Vale"), record(3, "A. Vale")], now=NOW)
    before = rows()
    word = attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    assert papers_of("ada-vale") == ["2611.00001", "2611.00002", "2611.00003"]
    assert authors.author("a-vale") == reading.Name("ada-vale", "Ada Vale")
    for form in ("", ".atom"):
        answer = client.get(f"/authors/a-vale{form}")
        assert (answer.status_code, answer["Location"]) == (301, f"/authors/ada-vale{form}")
    assert client.get("/api/v1/authors/a-vale").json()["total"] == 3
    store([record(4, "A. VALE")], now=NOW)
    assert papers_of("ada-vale")[-1] == "2611.00004"
    attributing.take_back([word.pk], now=NOW)
    assert papers_of("a-vale") == ["2611.00002", "2611.00003", "2611.00004"]
    Paper.objects.filter(pk=pk(4)).delete()
    assert rows() == before
    assert client.get("/authors/a-vale").status_code == 200


def test_papers_print_what_they_printed_and_lead_to_the_page(client: Client) -> None:
    store([record(1, "Ada Vale"), record(2, "A. Vale")], now=NOW)
    attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    assert '<a href="/authors/ada-vale">A. Vale</a>' in client.get("/papers/2611.00002").content.decode()


def test_papers_are_split_off_to_an_address_of_their_own_and_stay_there_when_they_are_revised() -> None:
    store([record(number, "Wei Zhang", "Bo Fisk") for number in (1, 2, 3)], now=NOW)
    before = rows()
    words = attributing.move(AUTHOR, "wei-zhang", chosen(1, 3), None, now=NOW)
    assert {word.page for word in words} == {"wei-zhang-2"}
    assert (papers_of("wei-zhang"), papers_of("wei-zhang-2")) == (
        ["2611.00002"],
        ["2611.00001", "2611.00003"],
    )
    store([record(1, "Wei Zhang", version=2), record(4, "Wei Zhang")], now=NOW)
    assert papers_of("wei-zhang-2") == ["2611.00001", "2611.00003"]
    assert papers_of("wei-zhang") == ["2611.00002", "2611.00004"]
    list(redecided(now=NOW, apply=True))
    assert papers_of("wei-zhang-2") == ["2611.00001", "2611.00003"]
    store([record(1, "Wei Zhang", "Bo Fisk", version=3)], now=NOW)
    Paper.objects.filter(pk=pk(4)).delete()
    attributing.take_back([word.pk for word in words], now=NOW)
    assert rows() == before


def test_a_second_split_gets_the_next_number_and_may_go_to_a_page_that_is_there() -> None:
    store([record(number, "Wei Zhang") for number in range(1, 6)], now=NOW)
    first = attributing.move(AUTHOR, "wei-zhang", chosen(1), None, now=NOW)
    assert attributing.move(AUTHOR, "wei-zhang", chosen(2), None, now=NOW)[0].page == "wei-zhang-3"
    attributing.move(AUTHOR, "wei-zhang", chosen(3), "wei-zhang-2", now=NOW)
    assert papers_of("wei-zhang-2") == ["2611.00001", "2611.00003"]
    attributing.take_back([first[0].pk], now=NOW)
    assert papers_of("wei-zhang-2") == ["2611.00003"]
    assert attributing.move(AUTHOR, "wei-zhang", chosen(1), None, now=NOW)[0].page == "wei-zhang-4"


def test_a_split_follows_the_names_of_a_paper_when_papers_are_merged_and_parted() -> None:
    one = record(1, "Wei Zhang")
    other = replace(
        record(2, "Wei Zhang"), source="acl", key="x", identifiers=(Identifier("acl", "2026.acl-main.1"),)
    )
    store([one, other, record(3, "Wei Zhang")], now=NOW)
    split = [(Paper.objects.get(public_id="acl:2026.acl-main.1").pk, "acl:2026.acl-main.1")]
    attributing.move(AUTHOR, "wei-zhang", split, None, now=NOW)
    verdicts.join("2611.00001", "acl:2026.acl-main.1", by="Mira", because="", now=NOW)
    assert papers_of("wei-zhang-2") == ["2611.00001"]
    verdicts.undo("2611.00001", "acl:2026.acl-main.1", same=True, now=NOW)
    assert papers_of("wei-zhang-2") == ["acl:2026.acl-main.1"]
    assert papers_of("wei-zhang") == ["2611.00001", "2611.00003"]


def test_a_paper_with_both_names_of_an_organization_shows_it_once_and_counts_once() -> None:
    store([record(1, "Bo", at=["North Lab", "NL"]), record(2, "Bo", at=["NL"])], now=NOW)
    before = rows()
    word = attributing.join(ORGANIZATION, "nl", "northlab", now=NOW)
    assert reading.organizations(9) == [(reading.Name("northlab", "North Lab"), 2)]
    assert [one.slug for one in reading.detail(pk(1)).row.organizations] == ["northlab"]
    store([record(1, "Bo", at=["NL", "North Lab"], version=2)], now=NOW)
    store([record(1, "Bo", at=["North Lab", "NL"], version=3)], now=NOW)
    attributing.take_back([word.pk], now=NOW)
    assert rows() == before


def test_another_name_leads_to_the_page_before_any_paper_prints_it() -> None:
    store([record(1, "Ada Vale")], now=NOW)
    word = attributing.alias(AUTHOR, "ada-vale", "Ада  Вейл", now=NOW)
    assert (word.slug, word.name) == ("ада-вейл", "Ада Вейл")
    assert authors.author("Ада Вейл") == reading.Name("ada-vale", "Ada Vale")
    store([record(2, "Ада Вейл")], now=NOW)
    assert papers_of("ada-vale") == ["2611.00001", "2611.00002"]
    attributing.take_back([word.pk], now=NOW)
    assert papers_of("ада-вейл") == ["2611.00002"]


def test_the_name_that_is_shown_is_chosen_and_outlives_what_papers_print() -> None:
    store([record(1, "Ada Vale"), record(2, "ADA VALE")], now=NOW)
    first = attributing.show(AUTHOR, "ada-vale", "Ada Brook", now=NOW)
    second = attributing.show(AUTHOR, "ada-vale", "Ada Brook-Vale", now=NOW)
    store([record(number, "ADA VALE") for number in range(3, 9)], now=NOW)
    assert authors.author("ada-vale").name == "Ada Brook-Vale"
    store([record(number, "Bo", version=2) for number in range(1, 9)], now=NOW)
    assert authors.author("ada-vale") is None
    store([record(1, "ADA VALE", version=3)], now=NOW)
    assert authors.author("ada-vale").name == "Ada Brook-Vale"
    attributing.take_back([second.pk], now=NOW)
    assert authors.author("ada-vale").name == "Ada Brook"
    attributing.take_back([first.pk], now=NOW)
    assert authors.author("ada-vale").name == "ADA VALE"


def test_a_page_keeps_its_own_name_however_often_another_is_printed() -> None:
    store([record(number, "A. Vale") for number in (1, 2, 3)], now=NOW)
    store([record(4, "Ada Vale")], now=NOW)
    attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    assert authors.author("ada-vale").name == "Ada Vale"
    store([record(4, "Bo Fisk", version=2)], now=NOW)
    assert authors.author("ada-vale").name == "A. Vale"
    store([record(number, "A. VALE") for number in range(5, 9)], now=NOW)
    assert authors.author("ada-vale").name == "A. VALE"
    store([record(9, "Ada Vale")], now=NOW)
    assert authors.author("ada-vale").name == "Ada Vale"
    assert authors.also_written(AUTHOR, "ada-vale") == ["A. VALE"]


def test_merges_follow_one_another_and_each_is_taken_back_alone() -> None:
    store([record(1, "Ada Vale"), record(2, "A. Vale"), record(3, "A. B. Vale")], now=NOW)
    before = rows()
    first = attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    second = attributing.join(AUTHOR, "ada-vale", "a-b-vale", now=NOW)
    assert len(papers_of("a-b-vale")) == 3
    assert authors.author("a-vale").slug == "a-b-vale"
    attributing.take_back([first.pk], now=NOW)
    assert (papers_of("a-vale"), papers_of("a-b-vale")) == (["2611.00002"], ["2611.00001", "2611.00003"])
    attributing.take_back([second.pk], now=NOW)
    assert rows() == before


def refused(match: str, verb: object, *said: object) -> None:
    before = rows()
    with pytest.raises(AttributionError, match=match):
        verb(*said, now=NOW)  # type: ignore[operator]
    assert rows() == before


def test_what_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing() -> None:
    store([record(1, "Ada Vale", "Bo Fisk"), record(2, "A. Vale"), record(3, "Wei Zhang")], now=NOW)
    store([record(number, "Wei Zhang") for number in (4, 5)], now=NOW)
    refused("no such author here", attributing.join, AUTHOR, "nobody", "ada-vale")
    refused("no such organization here", attributing.join, ORGANIZATION, "ada-vale", "bo-fisk")
    refused("one and the same", attributing.join, AUTHOR, "ada-vale", "ada-vale")
    word = attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    refused("it leads on to Ada Vale", attributing.join, AUTHOR, "a-vale", "bo-fisk")
    refused("it leads on", attributing.join, AUTHOR, "ada-vale", "a-vale")
    refused("leads to the page of", attributing.alias, AUTHOR, "ada-vale", "A Vale")
    refused("has a page of its own", attributing.alias, AUTHOR, "ada-vale", "BO FISK")
    attributing.alias(AUTHOR, "bo-fisk", "Bosse Fisk", now=NOW)
    refused("leads|another page|page of its own", attributing.alias, AUTHOR, "ada-vale", "Bosse Fisk")
    for name in ("", " ", "x" * 300, "Ada\u202eelaV", "Ada\x00", "123", "—"):
        refused("A name has letters", attributing.show, AUTHOR, "ada-vale", name)
    refused("Choose the papers", attributing.move, AUTHOR, "wei-zhang", [], None)
    refused("all papers of Wei Zhang", attributing.move, AUTHOR, "wei-zhang", chosen(3, 4, 5), None)
    refused("not on the page", attributing.move, AUTHOR, "wei-zhang", chosen(1, 3), None)
    refused("on the page of Wei Zhang already", attributing.move, AUTHOR, "wei-zhang", chosen(3), "wei-zhang")
    attributing.move(AUTHOR, "wei-zhang", chosen(3), None, now=NOW)
    refused("take that back", attributing.join, AUTHOR, "wei-zhang-2", "wei-zhang")
    attributing.take_back([word.pk], now=NOW)
    refused("taken back already", attributing.take_back, [word.pk])
    refused("Nobody said that", attributing.take_back, [10**15])


def test_a_name_that_looks_like_a_circle_only_ends_before_its_beginning() -> None:
    words = Words({"a": "b", "c": "d"}, {"b": [("arxiv:1", "a")], "d": [("arxiv:2", "c"), ("arxiv:3", "e")]})
    assert (words.page_of("a"), words.page_of("a", {"arxiv:1"}), words.page_of("b", {"arxiv:1"})) == (
        "b",
        "b",
        "a",
    )
    assert (words.page_of("c", {"arxiv:3"}), words.page_of("x")) == ("e", "x")
    assert words.goes_round("a", {"arxiv:1"})
    assert not words.goes_round("c", {"arxiv:3"})


def test_what_changes_is_indexed_again_and_told_to_who_follows_the_changes() -> None:
    store([record(1, "Ada Vale"), record(2, "A. Vale"), record(3, "Bo Fisk")], now=NOW)
    Change.objects.all().delete()
    seen = reading.revision()
    attributing.join(AUTHOR, "a-vale", "ada-vale", now=NOW)
    assert set(Change.objects.values_list("paper_id", flat=True)) == {pk(1), pk(2)}
    assert set(Paper.objects.filter(changed__gt=seen).values_list("pk", flat=True)) == {pk(1), pk(2)}


def test_an_import_without_words_asks_nothing_of_them(count_queries) -> None:
    store([record(1, "Ada Vale")], now=NOW)
    assert attributions.of(AUTHOR, ["ada-vale"]) is attributions.NONE
    assert count_queries(attributions.of, AUTHOR, ["ada-vale"]) == 1


NAMES = ("Ada Vale", "A. Vale", "Vale A.", "Bo Fisk", "Wei Zhang")
SLUGS = ("ada-vale", "a-vale", "vale-a", "bo-fisk", "wei-zhang")
papers = st.lists(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True), min_size=2, max_size=7
)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["join", "move", "alias", "show", "back"]),
        st.sampled_from(SLUGS),
        st.sampled_from(SLUGS),
        st.integers(0, 6),
    ),
    max_size=7,
)


def done(act: str, slug: str, other: str, number: int, *, now: datetime) -> None:
    """Do it, or be told why not."""
    words = Attribution.objects.filter(withdrawn_at=None).order_by("pk")
    on_page = list(reading.papers_of_author(slug).order_by("pk").values_list("pk", "public_id"))
    try:
        match act:
            case "join":
                attributing.join(AUTHOR, slug, other, now=now)
            case "move":
                some = [(paper, f"arxiv:{public_id}") for paper, public_id in on_page[: 1 + number % 3]]
                attributing.move(AUTHOR, slug, some, other if number % 2 else None, now=now)
            case "alias":
                attributing.alias(AUTHOR, slug, f"Anders {other.title()}", now=now)
            case "show":
                attributing.show(AUTHOR, slug, f"Shown {number}", now=now)
            case _ if words:
                attributing.take_back([words[number % len(words)].pk], now=now)
    except AttributionError:
        pass


@settings(max_examples=settings.default.max_examples // 4)
@given(papers, deeds, st.randoms(use_true_random=False))
def test_whatever_curators_did_the_catalogue_is_the_same_in_any_order_of_import(
    printed, said, chance
) -> None:
    """Words first or papers first, in any order and in any batches; and without the words as if there were none."""
    empty()
    records = [record(number, *names) for number, names in enumerate(printed)]
    store(records, now=NOW)
    plain = rows()
    for deed in said:
        done(*deed, now=NOW)
    expected = rows()
    words = [*Attribution.objects.order_by("pk")]
    for _ in range(2):
        empty()
        Attribution.objects.bulk_create(words)
        shuffled(records, chance)
        assert rows() == expected
        shuffled([replace(one, observed_at=NOW.replace(hour=2)) for one in records], chance)
        assert rows() == expected
    standing = [word.pk for word in words if word.withdrawn_at is None]
    chance.shuffle(standing)
    for key in standing:
        attributing.take_back([key], now=NOW)
    assert rows() == plain


def shuffled(records: list[Record], chance: random.Random) -> None:
    order = [*records]
    chance.shuffle(order)
    size = chance.randint(1, len(order))
    for start in range(0, len(order), size):
        store(order[start : start + size], now=NOW)


def empty() -> None:
    Paper.objects.all().delete()
    Author.objects.all().delete()
    Attribution.objects.all().delete()
