"""Which records are one paper, and what the paper is then."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import ABSTRACT, ARXIV, HUGGING_FACE, MORNING, SAVED_PAGE, STRIPPED

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.merging import Candidate, Intent, Kind, combine, decide, local_key
from broadsheet.papers.record import AuthorName, Link, Listing, Record, Signal, Version


def intent(record: Record, *papers: Record) -> Intent:
    return decide(record, [Candidate(number, (paper,)) for number, paper in enumerate(papers)])


def test_a_record_of_an_unknown_paper_is_new():
    assert intent(ARXIV) == Intent(Kind.NEW)


def test_the_same_record_again_is_unchanged():
    assert intent(ARXIV, ARXIV) == Intent(Kind.UNCHANGED, (0,))


def test_a_record_with_a_further_version_revises_the_paper():
    second = replace(ARXIV, title="Sharper Bounds", versions=(Version(1), Version(2)))
    assert intent(second, ARXIV) == Intent(Kind.REVISED, (0,))


def test_an_older_state_of_a_record_does_not_overwrite_a_newer_one():
    second = replace(ARXIV, title="Sharper Bounds", versions=(Version(1), Version(2)))
    assert intent(ARXIV, second) == Intent(Kind.UNCHANGED, (0,))


def test_of_two_states_observed_at_one_time_the_same_one_wins_in_either_order():
    other = replace(HUGGING_FACE, signals=(Signal("upvotes", 8),))
    outcomes = {intent(other, HUGGING_FACE).kind, intent(HUGGING_FACE, other).kind}
    assert outcomes == {Kind.REVISED, Kind.UNCHANGED}


def test_of_two_states_of_one_time_the_one_listed_later_is_the_newer():
    earlier, later = (replace(HUGGING_FACE, listings=(Listing(date(2025, 3, day), 1),)) for day in (5, 6))
    assert intent(later, earlier).kind is Kind.REVISED
    assert intent(earlier, later).kind is Kind.UNCHANGED


@pytest.mark.parametrize("second", [HUGGING_FACE, SAVED_PAGE])
def test_two_sources_of_one_paper_are_one_paper_in_either_order(second):
    assert intent(second, ARXIV) == Intent(Kind.DUPLICATE, (0,))
    assert intent(ARXIV, second) == Intent(Kind.DUPLICATE, (0,))


def test_a_record_that_shows_two_papers_to_be_one_names_both():
    twin = replace(
        SAVED_PAGE, key="other", abstract="Something else entirely, in quite different words.", author_count=1
    )
    assert intent(HUGGING_FACE, ARXIV, twin) == Intent(Kind.DUPLICATE, (0, 1))


def test_a_title_alone_never_joins():
    bare = Record(
        source="saved_page", key="x", title=ARXIV.title, abstract="An abstract about turbines in cold rivers."
    )
    assert intent(bare, ARXIV) == Intent(Kind.NEW)


def test_a_bare_record_joins_by_title_and_abstract():
    assert intent(replace(SAVED_PAGE, author_count=None, published_at=None), ARXIV).kind is Kind.DUPLICATE


def test_a_summary_of_ours_is_joined_by_title_day_and_author_count():
    demo = replace(ARXIV, source="demo", abstract="A short summary in other words.")
    assert intent(SAVED_PAGE, demo).kind is Kind.DUPLICATE
    assert intent(replace(SAVED_PAGE, author_count=3), demo).kind is Kind.NEW
    assert intent(replace(SAVED_PAGE, published_at=MORNING + timedelta(days=2)), demo).kind is Kind.NEW


def test_papers_with_different_arxiv_ids_are_never_one():
    other = replace(ARXIV, key="2503.00002", identifiers=(Identifier("arxiv", "2503.00002"),))
    assert intent(other, ARXIV) == Intent(Kind.NEW)


def test_a_shared_doi_does_not_join_papers_with_different_arxiv_ids():
    name = Identifier("doi", "10.1000/x")
    one = replace(ARXIV, identifiers=(*ARXIV.identifiers, name))
    other = replace(ARXIV, key="2503.00002", identifiers=(Identifier("arxiv", "2503.00002"), name))
    assert intent(other, one) == Intent(Kind.NEW)


@pytest.mark.parametrize(
    ("name", "years", "same"),
    [
        ("A. Berg", 1, True),
        ("Ada Berg Jr.", 0, True),
        ("Ada Stone", 0, False),
        ("Ada van der Berg", 2, False),
    ],
)
def test_without_a_common_identifier_first_author_and_year_decide(name, years, same):
    journal = Record(
        source="bibtex",
        key="berg",
        title="Sharp ell_1 bounds for wide networks",
        authors=(AuthorName(name),),
        identifiers=(Identifier("doi", "10.1000/x"),),
        published_at=MORNING.replace(year=MORNING.year + years),
    )
    assert (intent(journal, ARXIV).kind is Kind.DUPLICATE) is same


def test_the_better_field_is_kept_whatever_the_order():
    papers = [combine(order) for order in itertools.permutations((ARXIV, HUGGING_FACE, SAVED_PAGE))]
    assert all(paper == papers[0] for paper in papers)
    facts = papers[0].facts
    assert facts.title == ARXIV.title
    assert facts.abstract == ABSTRACT
    assert [author.name for author in facts.authors] == ["Ada van der Berg", "Bo Li"]
    assert facts.author_count == 2
    assert [one.slug for one in facts.organizations] == ["northlab"]
    assert papers[0].signals == (("huggingface", Signal("upvotes", 7), MORNING),)


def test_a_real_abstract_replaces_a_summary_of_ours():
    demo = replace(ARXIV, source="demo", abstract="A short summary.")
    assert combine([demo]).abstract_source == "demo"
    assert combine([demo, SAVED_PAGE]).facts.abstract == STRIPPED


def test_a_count_of_authors_is_kept_until_there_are_names():
    assert combine([SAVED_PAGE]).facts.author_count == 2
    assert combine([SAVED_PAGE]).facts.authors == ()


def test_the_latest_count_of_a_signal_stands():
    later = replace(
        HUGGING_FACE,
        key="2503.00001@2025-03-06",
        signals=(Signal("upvotes", 3),),
        observed_at=MORNING + timedelta(days=1),
    )
    assert combine([HUGGING_FACE, later]).signals[0][1] == Signal("upvotes", 3)


def test_links_of_all_sources_are_kept_once():
    code = Link("code", "https://github.com/north/bounds")
    one, other = (
        replace(ARXIV, links=(code,)),
        replace(HUGGING_FACE, links=(code, Link("project", "https://north.example"))),
    )
    assert combine([one, other]).facts.links == (code, Link("project", "https://north.example"))


def test_the_name_of_a_paper_without_identifier_follows_from_its_texts():
    assert local_key(SAVED_PAGE.title, STRIPPED) == local_key(ARXIV.title, f" {STRIPPED} ")
    assert local_key(SAVED_PAGE.title, STRIPPED) != local_key(SAVED_PAGE.title, ABSTRACT)


WITHDRAWN = replace(ARXIV, versions=(Version(1), Version(2)), withdrawn=True, notice="Lemma 3 is wrong.")


def test_whoever_knows_the_versions_decides_whether_a_paper_is_withdrawn():
    copied = replace(HUGGING_FACE, withdrawn=True, notice="Gone.")
    back = replace(ARXIV, versions=(Version(1), Version(2), Version(3)))
    for others in itertools.permutations((copied, SAVED_PAGE)):
        assert combine([*others, WITHDRAWN]).facts.withdrawn
        assert combine([*others, WITHDRAWN]).facts.notice == "Lemma 3 is wrong."
        assert not combine([back, *others]).facts.withdrawn
        assert combine([back, *others]).facts.notice == ""


def test_without_versions_a_source_that_says_withdrawn_is_believed():
    copied = replace(HUGGING_FACE, withdrawn=True)
    combined = combine([ARXIV, copied, SAVED_PAGE, replace(SAVED_PAGE, source="demo")])
    assert (combined.facts.withdrawn, combined.notice_source) == (True, "huggingface")


def test_a_retraction_holds_whatever_others_say_and_its_notice_comes_first():
    retracted = replace(ARXIV, source="acl", key="a", retracted=True, notice="The editors retract it.")
    combined = combine([WITHDRAWN, retracted])
    assert (combined.facts.withdrawn, combined.facts.retracted) == (True, True)
    assert (combined.facts.notice, combined.notice_source) == ("The editors retract it.", "acl")
    silent = combine([WITHDRAWN, replace(retracted, notice="")])
    assert (silent.facts.notice, silent.notice_source) == ("Lemma 3 is wrong.", "acl")


def test_a_paper_is_announced_on_the_latest_day_that_is_said():
    days = [date(2025, 3, 5), date(2025, 3, 11)]
    listed = replace(ARXIV, source="arxiv_listing", key="2503.00001@2025-03-11", announced_on=days[1])
    assert combine([replace(ARXIV, announced_on=days[0]), listed]).facts.announced_on == days[1]
    assert combine([ARXIV, HUGGING_FACE]).facts.announced_on is None
