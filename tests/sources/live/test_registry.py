"""Which live sources there are, what people call them, and which run by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.sources.live.registry import LIVE, UnknownSourceError, chosen, scheduled

ARXIV = ["arxiv-listings", "arxiv-oai", "arxiv-papers"]


def names(sources: object) -> list[str]:
    return [source.name for source in sources]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        (["arxiv"], ARXIV),
        (["arxiv-oai"], ["arxiv-oai"]),
        (["biorxiv", "arxiv-papers", "arxiv-listings"], ["arxiv-listings", "arxiv-papers", "biorxiv"]),
        (["arxiv-oai", "arxiv"], ARXIV),
        ([], []),
    ],
)
def test_a_family_or_a_part_of_it_can_be_named_and_each_runs_once_in_its_order(asked_for, found):
    assert names(chosen(asked_for)) == found


def test_an_unknown_name_is_answered_with_those_that_there_are():
    with pytest.raises(UnknownSourceError, match="no source 'nature'; there are arxiv, arxiv-listings, "):
        chosen(["arxiv", "nature"])


def test_the_families_of_the_settings_run_by_themselves():
    assert names(scheduled(["huggingface", "arxiv"], categories=["cs.LG"])) == [*ARXIV, "huggingface"]
    assert scheduled([], categories=["cs.LG"]) == ()


def test_arxiv_is_idle_where_nobody_follows_a_category():
    assert names(scheduled(["arxiv", "huggingface"], categories=[])) == ["huggingface"]


@pytest.mark.parametrize("source", LIVE, ids=lambda source: source.name)
def test_each_source_says_when_it_is_due_again_within_a_long_weekend(source):
    for hour in range(24 * 7):
        moment = datetime(2026, 11, 16, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
        assert moment < source.next_due(moment) <= moment + timedelta(days=4)
