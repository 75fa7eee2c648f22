"""Which records are one paper, whatever the order in which they are given."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from tests.cast import ARXIV, HUGGING_FACE, MORNING, SAVED_PAGE

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.likeness import same_paper
from broadsheet.papers.naming import Held
from broadsheet.papers.partition import Ruling, partition
from broadsheet.papers.record import AuthorName, Record

Papers = set[frozenset[str]]
DOI = Identifier("doi", "10.1000/x")
VALE = (AuthorName("Y. Vale", "Vale", "Y."),)
LOOSE = ("openalex", "csl", "ris", "bibtex", "pubmed", "demo")


def papers(*records: Record, rulings: Sequence[Ruling] = (), **options: object) -> Papers:
    """The papers as sets of keys; the same for every order of the records."""
    found = {
        frozenset(
            frozenset(one.record.key for one in paper)
            for paper in partition([Held(one) for one in order], rulings, **options)
        )
        for order in itertools.islice(itertools.permutations(records), 120)
    }
    assert len(found) == 1
    return set(found.pop())


def kites(
    name: str, year: int = 2025, *names: Identifier, source: str = "arxiv", **changed: object
) -> Record:
    own = (Identifier("arxiv", name),) if source == "arxiv" else ()
    published_at = datetime(year, 7, 1, tzinfo=UTC)
    return Record(
        source=source,
        key=name,
        title=str(changed.pop("title", "Kites")),
        authors=VALE,
        identifiers=(*own, *names),
        published_at=published_at,
        **changed,
    )


def apart(*keys: str) -> Papers:
    return {frozenset({key}) for key in keys}


A, B = kites("2507.00001"), kites("2510.00002")
X = kites("2401.00001", 2024, title="Sails")
Y = kites("2401.00002", 2024, title="Tides")


@pytest.mark.parametrize("source", [*LOOSE, "saved_page", "acl", "openreview"])
def test_what_could_be_either_of_two_papers_is_a_paper_of_its_own(source):
    assert papers(A, B, kites("y", source=source)) == apart("2507.00001", "2510.00002", "y")
    assert papers(A, kites("y", source=source)) == {frozenset({"2507.00001", "y"})}


def test_two_records_that_could_be_either_of_two_papers_stay_apart_too():
    of = (A, B, kites("y", source="bibtex"), kites("z", source="ris"))
    assert papers(*of) == apart("2507.00001", "2510.00002", "y", "z")


def test_an_identifier_says_where_an_ambiguous_record_belongs():
    found = papers(A, B, kites("y", 2025, *A.identifiers, source="bibtex"))
    assert found == {frozenset({"2507.00001", "y"}), frozenset({"2510.00002"})}


@pytest.mark.parametrize("source", LOOSE)
def test_a_loose_record_with_two_identifiers_joins_no_two_papers(source):
    both = replace(X, source=source, key="w", identifiers=(*X.identifiers, *Y.identifiers))
    assert papers(X, Y, both) == {frozenset({"2401.00001", "w"}), frozenset({"2401.00002"})}
    printed = kites("2024.acl-main.1", 2020, DOI, source="acl", title="Masts")
    pasted = replace(X, source=source, key="w", identifiers=(*X.identifiers, DOI))
    assert papers(X, printed, pasted) == {frozenset({"2401.00001", "w"}), frozenset({"2024.acl-main.1"})}


def test_of_three_loose_records_the_one_with_two_identifiers_joins_the_others_to_no_paper():
    first = replace(X, source="ris", key="first")
    second = replace(Y, source="csl", key="second", identifiers=(DOI,))
    both = replace(X, source="bibtex", key="both", identifiers=(*X.identifiers, DOI))
    assert papers(first, second, both) == {frozenset({"first", "both"}), frozenset({"second"})}
    assert papers(second, both) == {frozenset({"second", "both"})}


@pytest.mark.parametrize("source", ["arxiv", "acl", "openreview", "biorxiv", "huggingface"])
def test_a_publisher_that_names_two_papers_joins_them(source):
    printed = kites("2024.acl-main.1", 2020, DOI, source="acl", title="Masts")
    telling = replace(X, source=source, key="t", identifiers=(*X.identifiers, DOI))
    assert papers(X, printed, telling) == {frozenset({"2401.00001", "2024.acl-main.1", "t"})}


def test_papers_with_different_identifiers_of_one_scheme_are_never_one():
    both = [replace(paper, identifiers=(*paper.identifiers, DOI)) for paper in (A, B)]
    assert papers(*both) == apart("2507.00001", "2510.00002")
    printed = kites("p", 2025, DOI, source="acl", title="Other")
    assert papers(*both, printed) == {frozenset({"2507.00001", "p"}), frozenset({"2510.00002"})}


def test_loose_records_of_different_dois_do_not_meet_in_a_paper_without():
    first, second = (
        kites(key, 2025, Identifier("doi", f"10.1000/{key}"), source="csl") for key in ("first", "second")
    )
    assert papers(A, first) == {frozenset({"2507.00001", "first"})}
    assert papers(A, first, second) == apart("2507.00001", "first", "second")


def test_what_somebody_typed_never_parts_what_publishers_say():
    article = kites("2025.acl-main.1", 2025, Identifier("acl", "2025.acl-main.1"), DOI, source="acl")
    wrong = kites("w", 2025, *A.identifiers, Identifier("doi", "10.1000/other"), source="bibtex")
    assert papers(A, article) == {frozenset({A.key, article.key})}
    assert papers(A, article, wrong) == {frozenset({A.key, article.key, "w"})}


def test_papers_of_one_title_and_author_of_years_apart_are_two_and_one_between_joins_neither():
    years = [kites(str(year), year, source="bibtex") for year in (2012, 2019)]
    assert papers(*years) == apart("2012", "2019")
    three = [kites(str(year), year, source="bibtex") for year in (2018, 2019, 2020)]
    assert papers(*three[:2]) == {frozenset({"2018", "2019"})}
    assert papers(*three) == apart("2018", "2019", "2020")


def test_a_title_alone_never_joins():
    bare = Record(source="saved_page", key="x", title=ARXIV.title, abstract="An abstract about turbines.")
    assert papers(bare, ARXIV) == apart("x", ARXIV.key)


def test_a_bare_record_joins_by_title_and_abstract():
    bare = replace(SAVED_PAGE, author_count=None, published_at=None)
    assert papers(bare, ARXIV) == {frozenset({bare.key, ARXIV.key})}


def test_a_summary_of_ours_is_joined_by_title_day_and_author_count():
    demo = replace(ARXIV, source="demo", key="d", identifiers=(), abstract="A short summary in other words.")
    assert papers(SAVED_PAGE, demo) == {frozenset({SAVED_PAGE.key, "d"})}
    assert len(papers(replace(SAVED_PAGE, author_count=3), demo)) == 2
    assert len(papers(replace(SAVED_PAGE, published_at=MORNING + timedelta(days=2)), demo)) == 2


def test_a_record_that_is_like_one_record_of_a_paper_joins_the_paper():
    twin = replace(SAVED_PAGE, key="t", abstract="Something else, in quite different words.", author_count=1)
    assert papers(ARXIV, twin) == apart(ARXIV.key, "t")
    assert papers(ARXIV, HUGGING_FACE, twin) == {frozenset({ARXIV.key, HUGGING_FACE.key, "t"})}


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
        identifiers=(DOI,),
        published_at=MORNING.replace(year=MORNING.year + years),
    )
    assert same_paper(journal, [ARXIV]) is same
    assert (len(papers(journal, ARXIV)) == 1) is same


def test_of_a_crowded_title_only_identifiers_decide():
    loose = kites("y", source="bibtex")
    assert papers(A, loose, crowded={Held(A).title}) == apart("2507.00001", "y")
    named = replace(loose, identifiers=A.identifiers)
    assert papers(A, named, crowded={Held(A).title}) == {frozenset({"2507.00001", "y"})}


def test_records_of_a_crowded_title_are_not_compared_with_each_other():
    held = [Held(kites(f"{n}", source="bibtex")) for n in range(3000)]
    started = process_time()
    assert len(partition(held, crowded={held[0].title})) == 3000
    # To compare each with all others would take ten times as long.
    assert process_time() - started < 2


NAMED_A, NAMED_B = "arxiv:2507.00001", "arxiv:2510.00002"


def test_a_verdict_joins_and_parts_whatever_the_rules_say():
    assert papers(A, B, rulings=[Ruling(NAMED_A, NAMED_B, True)]) == {frozenset({A.key, B.key})}
    loose = kites("y", 2025, *A.identifiers, source="bibtex")
    assert papers(A, loose, rulings=[Ruling(NAMED_A, "record:bibtex:y", False)]) == apart(A.key, "y")
    assert papers(A, B, rulings=[Ruling(NAMED_A, "arxiv:2511.99999", True)]) == apart(A.key, B.key)


def test_a_verdict_says_where_an_ambiguous_record_belongs():
    found = papers(A, B, kites("y", source="ris"), rulings=[Ruling("record:ris:y", NAMED_B, True)])
    assert found == {frozenset({A.key}), frozenset({B.key, "y"})}


def test_of_verdicts_that_contradict_each_other_the_latest_counts():
    c = kites("2512.00003")
    one, two = Ruling(NAMED_A, NAMED_B, True), Ruling(NAMED_B, "arxiv:2512.00003", True)
    three = Ruling(NAMED_A, "arxiv:2512.00003", False)
    assert papers(A, B, c, rulings=[three, two, one]) == {frozenset({B.key, c.key}), frozenset({A.key})}
    assert papers(A, B, c, rulings=[one, three, two]) == {frozenset({A.key, B.key}), frozenset({c.key})}
    assert papers(A, B, c, rulings=[one, two, three]) == {frozenset({A.key, B.key, c.key})}
