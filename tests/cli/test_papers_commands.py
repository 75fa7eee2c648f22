"""The commands that say which papers are one, as their user sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from tests.papers.test_merges import FIRST, NAMED_SECOND, SECOND

from broadsheet.cli.papers import papers
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper, PaperIdentifier, SourceRecord, Verdict

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papers, arguments)


@pytest.fixture(autouse=True)
def two_papers() -> None:
    store([FIRST, SECOND], now=NOW)


def test_papers_are_joined_and_parted_again():
    assert run("join", "2403.00001", NAMED_SECOND, "--because", "One story.").output.endswith(
        "are one paper.\n"
    )
    assert Paper.objects.count() == 1
    assert Verdict.objects.get().because == "One story."
    assert run("join", "2403.00001", NAMED_SECOND, "--undo").exit_code == 0
    assert Paper.objects.count() == 2


def test_a_record_is_split_off_and_comes_back():
    run("join", "2403.00001", NAMED_SECOND)
    assert run("split", "2403.00001", "acl:2024.acl-main.1").exit_code == 0
    assert Paper.objects.count() == 2
    assert run("split", "2403.00001", "acl:2024.acl-main.1", "--undo").exit_code == 0
    assert Paper.objects.count() == 1


def test_what_cannot_be_is_told_in_a_sentence():
    told = run("join", "2403.00001", "9999.99999")
    assert (told.exit_code, told.output) == (
        1,
        "Error: Nothing was changed: there is no paper 9999.99999 here.\n",
    )


def test_a_catalogue_of_the_old_rules_is_found_out_and_mended_once():
    first, second = Paper.objects.order_by("pk")
    for table in (SourceRecord, PaperIdentifier):
        table.objects.filter(paper=second).update(paper=first)
    second.delete()
    Paper.objects.update(public_id="acl:2024.acl-main.1")
    assert "should be known as" in run("check").output
    told = [json.loads(line) for line in run("rebuild", "--json").output.splitlines()]
    assert [unit["is_split"] for unit in told] == [True]
    assert Paper.objects.count() == 1
    assert run("rebuild", "--apply").output.endswith(
        "1 were split, 0 joined; of 0 only names or facts differ.\n"
    )
    assert set(Paper.objects.values_list("public_id", flat=True)) == {"2403.00001", NAMED_SECOND}
    assert Paper.objects.get(public_id=NAMED_SECOND).pk == first.pk
    assert run("check").output == "All papers are as they should be.\n"
    assert run("rebuild", "--json").output == ""
