"""`broadsheet search` and `broadsheet similar` as somebody at a terminal meets them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.search.shelf import MORNING, record, records

from broadsheet.cli import searching as commands
from broadsheet.cli.main import main
from broadsheet.papers.catalogue import store
from broadsheet.search import finding

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Path:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def shelf(db) -> None:
    store(records(), now=MORNING)


@pytest.fixture
def indexed(shelf) -> None:
    assert run("index").exit_code == 0


def run(*arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(main, list(arguments), color=color)


def test_search_shows_papers_with_their_authors_days_and_the_part_that_matched(indexed):
    lines = run("search", "soup", "for", "robots", "--limit", "1").stdout.splitlines()
    assert lines[:2] == ["  1. Cooking for Robots", "     2603.00009, Ivan Petrov, 2026-03-11"]
    assert "soup" in lines[2]
    assert lines[-1] == "1 paper found."


@pytest.mark.parametrize(("count", "told"), [(1, "1 author,"), (7, "7 authors,")])
def test_authors_of_whom_only_the_number_is_known_are_counted(db, count, told):
    store([replace(record(1, "A Good Soup", "On soup."), authors=(), author_count=count)], now=MORNING)
    run("index")
    assert told in run("search", "soup").stdout


def test_a_paper_that_was_taken_back_is_marked(db):
    gone = replace(record(1, "A Soup of Errors", "On soup."), withdrawn=True)
    store([gone, record(2, "A Good Soup", "On soup.")], now=MORNING)
    run("index")
    lines = [line.split(". ")[1] for line in run("search", "soup").stdout.splitlines() if ". A " in line]
    assert sorted(lines) == ["A Good Soup", "A Soup of Errors [withdrawn]"]


def test_on_a_terminal_what_matched_is_bold(indexed):
    assert "\x1b[1msoup\x1b[22m" in run("search", "soup", "--limit", "1", color=True).stdout
    assert "\x1b" not in run("search", "soup", "--limit", "1").stdout


def test_search_explains_the_place_of_each_paper(indexed):
    explained = run("search", "soup", "--limit", "2", "--explain").stdout
    assert "%: rank 1, score " in explained
    assert explained.count("(words ") == 1
    close = run("search", "compressed sensing with few measurements", "--explain").stdout
    assert "(close in meaning)" in close
    assert "close from 0.66" in close
    assert re.search(r"No paper with these words, \d close in meaning\.", close)


def test_search_lists_in_the_order_asked_for(indexed):
    def days(*more: str) -> list[str]:
        papers = json.loads(run("search", "divergence OR learning", "--json", *more).stdout)["papers"]
        return [paper["published"] or "" for paper in papers]

    assert days("--sort", "date") == sorted(days(), reverse=True)
    assert run("search", "soup", "--sort", "colour").exit_code == 2


def test_a_filter_alone_explains_nothing(indexed):
    assert "not ranked" in run("search", "year:2026", "--explain").stdout


def test_an_empty_query_lists_the_newest(indexed):
    assert run("search", "", "--limit", "1").stdout.splitlines()[-1] == "9 papers found."


def test_search_as_json_has_the_numbers(indexed):
    found = json.loads(run("search", "soup", "--json", "--limit", "1").stdout)
    assert (found["query"], found["total"], found["notes"], found["coverage"]) == ("soup", 1, [], 1.0)
    (paper,) = found["papers"]
    assert (paper["id"], paper["title"], paper["published"]) == (
        "2603.00009",
        "Cooking for Robots",
        "2026-03-11",
    )
    assert paper["words"]["rank"] == paper["meaning"]["rank"] == 1
    assert paper["words"]["share"] + paper["meaning"]["share"] == pytest.approx(1)
    assert "soup" in paper["excerpt"]
    assert found["facets"]["year"]["2026"] > 0


def test_search_in_an_empty_catalogue_says_so():
    done = run("search", "anything")
    assert done.exit_code == 0
    assert "No paper found." in done.stdout.splitlines()


def test_a_search_without_result_says_what_has_some(indexed):
    lines = run("search", '"soup for robots"').stdout.splitlines()
    assert lines[-1] == "No paper found."
    assert "A broader search: soup for robots (1)" in lines
    assert any(line.startswith("Close: Cooking for Robots (2603.00009)") for line in lines)
    assert "Did you mean: robots" in run("search", "robotz").stdout


def test_a_sense_that_is_not_there_is_told(indexed):
    assert "note: The results no longer have the sense" in run("search", "soup", "--sense", "spoons").stdout


def test_the_orders_are_those_that_search_has():
    assert commands.ORDERS == finding.ORDERS


def test_a_paper_that_is_not_here_is_told(indexed):
    assert "2612.99999 is not in this catalogue" in run("search", "2612.99999").stdout


def test_search_says_what_it_could_not_do(shelf):
    assert (
        "note: The papers are being indexed: 0 of 9 can be found by words so far."
        in run("search", "soup").stdout
    )


@pytest.mark.parametrize("typed", ["(((", '"', "a:b^~*", "\udcff\udcfe", "-- -x", "year:2030..1990"])
def test_search_takes_anything_a_shell_hands_over(indexed, typed):
    assert run("search", "--", typed).exit_code == 0
    assert json.loads(run("search", "--json", "--", typed).stdout)["coverage"] == 1


def test_similar_shows_papers_like_one_and_unlike_another(indexed):
    alone = json.loads(run("similar", "2603.00009", "--json").stdout)
    assert "2603.00009" not in [paper["id"] for paper in alone]
    first = alone[0]["id"]
    without = json.loads(run("similar", "2603.00009", "--not", first, "--json").stdout)
    assert first not in [paper["id"] for paper in without]
    assert run("similar", "arXiv:2603.00009", "--limit", "1").stdout.startswith("  1. ")


def test_similar_to_a_paper_that_is_not_here_says_which(indexed):
    done = run("similar", "2603.00009", "2612.99999")
    assert done.exit_code == 1
    assert "No paper here is known as 2612.99999" in done.stderr


@pytest.mark.parametrize("command", ["search", "similar"])
def test_help_has_an_example(command):
    assert f"Example: broadsheet {command}" in run(command, "--help").output


@pytest.mark.parametrize("command", ["search", "similar"])
def test_without_an_argument_it_is_a_wrong_usage(command):
    assert run(command).exit_code == 2
