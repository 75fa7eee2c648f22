"""What a paper is that several records describe."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import ABSTRACT, ARXIV, HUGGING_FACE, MORNING, SAVED_PAGE, STRIPPED

from broadsheet.papers.merging import combine, facts, local_key
from broadsheet.papers.record import Link, Signal, Version

LATER = MORNING + timedelta(days=9)


def test_the_better_field_is_kept_whatever_the_order():
    orders = itertools.permutations((ARXIV, HUGGING_FACE, SAVED_PAGE))
    papers = [combine(order, now=LATER) for order in orders]
    assert all(paper == papers[0] for paper in papers)
    known = papers[0].facts
    assert known.title == ARXIV.title
    assert known.abstract == ABSTRACT
    assert [author.name for author in known.authors] == ["Ada van der Berg", "Bo Li"]
    assert known.author_count == 2
    assert [one.slug for one in known.organizations] == ["northlab"]
    assert papers[0].signals == (("huggingface", Signal("upvotes", 7), MORNING),)


def test_a_real_abstract_replaces_a_summary_of_ours():
    demo = replace(ARXIV, source="demo", abstract="A short summary.")
    assert combine([demo], now=LATER).abstract_source == "demo"
    assert facts([demo, SAVED_PAGE]).abstract == STRIPPED


def test_a_count_of_authors_is_kept_until_there_are_names():
    assert facts([SAVED_PAGE]).author_count == 2
    assert facts([SAVED_PAGE]).authors == ()


def test_the_latest_count_of_a_signal_stands():
    later = replace(
        HUGGING_FACE,
        key="2503.00001@2025-03-06",
        signals=(Signal("upvotes", 3),),
        observed_at=MORNING + timedelta(days=1),
    )
    assert combine([HUGGING_FACE, later], now=LATER).signals[0][1] == Signal("upvotes", 3)


def test_links_of_all_sources_are_kept_once():
    code = Link("code", "https://github.com/north/bounds")
    one, other = (
        replace(ARXIV, links=(code,)),
        replace(HUGGING_FACE, links=(code, Link("project", "https://north.example"))),
    )
    assert facts([one, other]).links == (code, Link("project", "https://north.example"))


def test_the_name_of_a_paper_without_identifier_follows_from_its_texts():
    assert local_key(SAVED_PAGE.title, STRIPPED) == local_key(ARXIV.title, f" {STRIPPED} ")
    assert local_key(SAVED_PAGE.title, STRIPPED) != local_key(SAVED_PAGE.title, ABSTRACT)


WITHDRAWN = replace(ARXIV, versions=(Version(1), Version(2)), withdrawn=True, notice="Lemma 3 is wrong.")


def test_whoever_knows_the_versions_decides_whether_a_paper_is_withdrawn():
    copied = replace(HUGGING_FACE, withdrawn=True, notice="Gone.")
    back = replace(ARXIV, versions=(Version(1), Version(2), Version(3)))
    for others in itertools.permutations((copied, SAVED_PAGE)):
        assert facts([*others, WITHDRAWN]).withdrawn
        assert facts([*others, WITHDRAWN]).notice == "Lemma 3 is wrong."
        assert not facts([back, *others]).withdrawn
        assert facts([back, *others]).notice == ""


def test_without_versions_a_source_that_says_withdrawn_is_believed():
    copied = replace(HUGGING_FACE, withdrawn=True)
    combined = combine([ARXIV, copied, SAVED_PAGE, replace(SAVED_PAGE, source="demo")], now=LATER)
    assert (combined.facts.withdrawn, combined.notice_source) == (True, "huggingface")


def test_a_retraction_holds_whatever_others_say_and_its_notice_comes_first():
    retracted = replace(ARXIV, source="acl", key="a", retracted=True, notice="The editors retract it.")
    combined = combine([WITHDRAWN, retracted], now=LATER)
    assert (combined.facts.withdrawn, combined.facts.retracted) == (True, True)
    assert (combined.facts.notice, combined.notice_source) == ("The editors retract it.", "acl")
    silent = combine([WITHDRAWN, replace(retracted, notice="")], now=LATER)
    assert (silent.facts.notice, silent.notice_source) == ("Lemma 3 is wrong.", "acl")


def test_a_paper_that_arxiv_held_back_is_announced_on_the_latest_day_that_arxiv_says():
    days = [date(2025, 3, 5), date(2025, 3, 11)]
    listed = replace(ARXIV, source="arxiv_listing", key="2503.00001@2025-03-11", announced_on=days[1])
    assert facts([replace(ARXIV, announced_on=days[0]), listed]).announced_on == days[1]
    assert facts([ARXIV, HUGGING_FACE]).announced_on is None


@pytest.mark.parametrize("source", ["acl", "openreview", "biorxiv", "bibtex", "anything"])
def test_that_another_source_tells_of_a_paper_later_does_not_make_it_news_again(source):
    announced = replace(ARXIV, announced_on=date(2019, 9, 6))
    ingested = replace(ARXIV, source=source, key="a", announced_on=date(2020, 6, 20))
    for records in itertools.permutations((announced, ingested, SAVED_PAGE)):
        assert facts(records).announced_on == date(2019, 9, 6)
