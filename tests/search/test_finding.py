"""What a person types finds what the person meant, and the result says what it could not do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.shelf import TITLES

from broadsheet.papers.models import Paper
from broadsheet.search import finding, indexing
from broadsheet.search.embedding_models import embedding, runtimes
from broadsheet.search.embedding_models.onnx_runtime import OnnxRuntime
from broadsheet.search.engines import SINKING

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("deep learning optimization becomes unstable and explodes", "Why Large Runs Blow Up"),
        ("how contagious diseases spread through contact networks", "Epidemics on Graphs"),
        ("green fluorescence in biology", "Cells That Glow"),
        ("R0", "Epidemics on Graphs"),
        ("Hedda Ruiz", "Cells That Glow"),
        ("kitchen lab", "Cooking for Robots"),
    ],
)
def test_a_query_finds_by_words_by_meaning_and_by_name(shelf, bring_up_to_date, titles, query, title):
    bring_up_to_date()
    assert titles(query)[0] == title


def test_a_hit_tells_how_each_engine_found_it(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find("a robot stirs some soup, or an agent learns from trials", limit=9)
    assert [hit.is_match for hit in result.hits] == [False] * len(result.hits)
    result = finding.find("soup", limit=9)
    best = result.hits[0]
    assert (best.paper_pk, best.words.rank, best.meaning.rank) == (shelf[8], 1, 1)
    assert best.score == pytest.approx(best.words.part + best.meaning.part) == pytest.approx(1.0)
    assert best.is_match
    assert (result.total, result.close, result.shown, result.notes, result.coverage) == (1, 0, 1, (), 1.0)


def test_what_is_close_in_meaning_is_told_from_matches_and_lies_above_the_floor(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find("compressed sensing with few measurements", limit=9)
    assert [hit.paper_pk for hit in result.hits][:1] == [shelf[2]]
    assert (result.total, result.close, result.shown) == (0, len(result.hits), len(result.hits))
    assert not any(hit.is_match for hit in result.hits)
    for hit in result.hits:
        assert hit.meaning.score >= result.floor - SINKING
        assert hit.words or hit.meaning.score >= result.floor


@pytest.mark.parametrize(
    "typed",
    [
        "2603.00009",
        "arXiv:2603.00009v2",
        "https://arxiv.org/abs/2603.00009",
        " https://arxiv.org/pdf/2603.00009 ",
    ],
)
def test_an_identifier_or_an_address_finds_its_paper(shelf, bring_up_to_date, typed):
    bring_up_to_date()
    result = finding.find(typed, limit=5)
    assert [hit.paper_pk for hit in result.hits] == [shelf[8]]
    assert result.total == 1


def test_a_known_identifier_is_found_even_before_anything_is_indexed(shelf):
    assert finding.find("2603.00009", limit=5).hits[0].paper_pk == shelf[8]


def test_the_best_papers_alone_are_those_that_stand_first(shelf, bring_up_to_date):
    assert finding.best("", limit=2).hits == finding.find("", limit=2).hits
    bring_up_to_date()
    for typed in ("soup", "2603.00009", "-soup", ""):
        found = finding.find(typed, limit=3)
        assert finding.best(typed, limit=3).hits == found.hits


def test_phrases_and_exclusions_hold_for_what_is_found_by_meaning_too(shelf, bring_up_to_date, titles):
    bring_up_to_date()
    assert titles('"robot arm" dinner') == ["Cooking for Robots"]
    assert "Epidemics on Graphs" in titles("how contagious diseases spread through contact networks")
    assert titles("how contagious diseases spread through contact networks -outbreak") == []


def test_pages_neither_overlap_nor_leave_anything_out(shelf, bring_up_to_date):
    bring_up_to_date()
    asked = "a model of learning agents that plays chess and explains reinforcement of divergence"
    whole = finding.find(asked, limit=20)
    pages = [finding.find(asked, limit=2, offset=offset) for offset in range(0, 12, 2)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.shown for page in pages} == {whole.shown} == {len(whole.hits)}
    assert whole.shown > 2


@pytest.mark.parametrize("typed", ["", "  ", '""', "?"])
def test_a_query_that_asks_for_nothing_gives_the_newest_papers(shelf, bring_up_to_date, titles, typed):
    bring_up_to_date()
    assert titles(typed) == TITLES[::-1]


def test_exclusions_alone_give_the_newest_of_all_others(shelf, bring_up_to_date, titles):
    bring_up_to_date()
    assert titles("-soup") == TITLES[-2::-1]


def test_papers_are_found_by_words_while_embeddings_are_still_made(shelf, catch_up, titles, monkeypatch):
    catch_up()
    assert finding.find("soup", limit=5).notes == (
        "Search by meaning is not ready yet, so this is a search by words alone.",
    )
    assert titles("soup") == ["Cooking for Robots"]
    monkeypatch.setattr(OnnxRuntime, "at_once", 3)
    indexing.embed_due()
    result = finding.find("soup", limit=5)
    assert result.notes == ("Search by meaning covers 33 % of the papers so far.",)
    assert result.coverage == pytest.approx(1 / 3)


def test_the_best_by_words_comes_first_though_others_are_embedded_already(
    shelf, catch_up, titles, monkeypatch
):
    catch_up()
    monkeypatch.setattr(OnnxRuntime, "at_once", 3)
    indexing.embed_due()
    found = titles("training divergence and loss of a reinforcement agent")
    assert found[:2] == ["Why Large Runs Blow Up", "Q-Learning with Few Samples"]


def test_words_that_no_paper_has_find_the_closest_by_meaning_and_it_says_so(shelf, bring_up_to_date):
    bring_up_to_date()
    asked = "how contagious diseases spread through contact networks foo:bar"
    result = finding.find(asked, limit=3)
    assert result.hits[0].paper_pk == shelf[3]
    field, none = result.notes
    assert "foo" in field
    assert none == "No paper has all of these words; these are close in meaning."


def test_without_the_model_it_searches_by_words_and_says_why(shelf, bring_up_to_date, titles, monkeypatch):
    bring_up_to_date()
    monkeypatch.setattr(embedding, "PACKAGE", "nosuchpackage")
    runtimes.runtime.cache_clear()
    assert titles("spilt robot soup") == ["Cooking for Robots"]
    assert titles("spilt soup") == []
    (note,) = finding.find("spilt soup", limit=5).notes
    assert note.startswith("Search by meaning is not available: the package nosuchpackage")


def test_nothing_indexed_and_nothing_known_is_no_error(db):
    result = finding.find("anything", limit=5)
    assert (result.hits, result.total) == ((), 0)
    assert finding.find("", limit=5).total == 0
    assert finding.similar([12345], limit=5) == []


def test_similar_papers_are_close_in_meaning_and_never_the_paper_itself(shelf, bring_up_to_date):
    bring_up_to_date()
    found = [hit.paper_pk for hit in finding.similar([shelf[6]], limit=3)]
    assert len(found) == 3
    assert shelf[6] not in found


def test_similar_papers_share_words_of_the_title_until_the_paper_is_embedded(shelf, catch_up):
    catch_up()
    Paper.objects.filter(pk=shelf[0]).update(title="Robots and Soup")
    assert [hit.paper_pk for hit in finding.similar([shelf[0]], limit=3)] == [shelf[8]]


@pytest.fixture
def library(shelf, bring_up_to_date):
    bring_up_to_date()


@given(
    st.text(alphabet=st.characters(codec=None))
    | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_query(library, typed):
    result = finding.find(typed, limit=3)
    assert len(result.hits) == min(3, result.shown)


@pytest.mark.parametrize(
    "typed", ["robots and soup " * 625, "x" * 10_000, '"' * 10_000, "-z " * 3_333, "(" * 10_000]
)
def test_ten_thousand_characters_are_a_query(library, typed):
    assert finding.find(typed, limit=3).total == (len(TITLES) if typed[0] in '"-(' else typed[0] == "r")


def test_where_nothing_is_found_it_says_what_else_to_try(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find('"robot soup" year:1850 epidemcs', limit=5)
    assert (result.hits, result.total) == ((), 0)
    assert result.help.spelled == '"robot soup" year:1850 epidemics'
    assert result.help.closest[0].paper_pk == shelf[8]
    for loosened in result.help.loosened:
        assert finding.find(loosened.query, limit=5).total > 0


def test_a_word_that_no_paper_has_is_spelled_anew_though_meaning_finds_something(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find("epidemcs of contagious diseases that spread through contact networks", limit=5)
    assert (result.total, result.hits[0].paper_pk) == (0, shelf[3])
    assert result.help.spelled.startswith("epidemics of ")


@pytest.mark.parametrize("order", ["date", "votes", "comments"])
def test_every_order_but_relevance_is_of_the_matches_alone(shelf, bring_up_to_date, order):
    bring_up_to_date()
    assert finding.find("a model of chess", limit=20).shown > 1
    assert [hit.paper_pk for hit in finding.find("a model", limit=20, sort=order).hits] == [shelf[5]]
    nothing = finding.find("how a virus infects a population", limit=20, sort=order)
    assert (nothing.hits, nothing.total) == ((), 0)


def test_a_filter_alone_lists_all_that_satisfy_it_and_counts_them(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find("date:2026-03-05..2026-03-08", limit=2)
    assert [hit.paper_pk for hit in result.hits] == shelf[5:3:-1]
    assert result.total == 4
    years = next(facet for facet in result.facets if facet.field == "year")
    assert [(one.value, one.count) for one in years.values] == [("2026", 4)]


def test_a_filter_never_empties_what_is_found_by_meaning(shelf, bring_up_to_date, titles):
    bring_up_to_date()
    asked = "how contagious diseases spread through contact networks"
    assert titles(f'{asked} author:"Dana Øst"') == ["Epidemics on Graphs"]
    assert titles(f'{asked} author:"Ivan Petrov"') == []


def test_papers_like_two_and_unlike_a_third_are_none_of_them(shelf, bring_up_to_date):
    bring_up_to_date()
    found = [hit.paper_pk for hit in finding.similar([shelf[5], shelf[6]], unlike=[shelf[8]], limit=9)]
    assert not {shelf[5], shelf[6], shelf[8]} & set(found)
    assert len(found) == len(TITLES) - 3
    assert found.index(shelf[0]) < found.index(shelf[7])


def test_an_unknown_identifier_is_told_apart_from_one_that_is_known(shelf, bring_up_to_date):
    bring_up_to_date()
    assert finding.find("https://arxiv.org/abs/2603.00009v1", limit=1).named == "2603.00009"
    unknown = finding.find("arXiv:2103.00020", limit=1)
    assert (unknown.named, unknown.unknown.public_id) == ("", "2103.00020")


def test_a_sense_that_is_gone_shows_everything_and_says_so(shelf, bring_up_to_date):
    bring_up_to_date()
    result = finding.find("learning", limit=20, sense="KL, distribution")
    assert result.total == 1
    assert result.notes == ("The results no longer have the sense that was chosen, so all are shown.",)


def test_without_a_word_index_filters_find_nothing_and_say_why_while_meaning_goes_on(
    shelf, bring_up_to_date, data
):
    bring_up_to_date()
    (data / "index" / "CURRENT").unlink()
    asked = "a robot that cooks soup in the kitchen"
    assert finding.find(asked, limit=5).hits[0].paper_pk == shelf[8]
    filtered = finding.find(f"{asked} year:2026", limit=5)
    assert filtered.total == 0
    assert filtered.waiting
    assert filtered.waiting.note in filtered.notes
    assert finding.find("", limit=5).total == len(TITLES)


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_a_wrong_word_beside_right_ones_is_offered_as_it_may_have_been_meant(shelf, bring_up_to_date, order):
    bring_up_to_date()
    assert finding.find("robot OR epidemcs", limit=5, sort=order).help.spelled == "robot OR epidemics"
    assert finding.find("sparse recovry", limit=5, sort=order).help.spelled == "sparse recovery"
    for typed in ("robot soup", "learning agents", "few samples", "divergence", "divergences", ""):
        assert finding.find(typed, limit=5, sort=order).help.spelled == "", typed


@pytest.mark.parametrize("query", ["GPT-4 chess", "glowing cells (fluorescent)", "a robot: soup!"])
def test_a_question_typed_in_wide_signs_means_the_same(shelf, bring_up_to_date, query):
    bring_up_to_date()
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() or sign in "-!" else sign for sign in query)
    found = [finding.find(text, limit=9) for text in (query, wide)]
    first, second = ([(hit.paper_pk, hit.meaning) for hit in one.hits] for one in found)
    assert first == second
