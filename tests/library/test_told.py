"""What a channel was told takes few bytes, and holds through merges and splits of papers."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.library.models import Parted
from broadsheet.library.told import AFTER, Past, packed, unpacked
from broadsheet.papers import merges
from broadsheet.papers.models import Merge

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@given(st.lists(st.integers(1, AFTER + 1000)))
def test_what_is_packed_is_read_back_sorted_and_each_once(keys: list[int]) -> None:
    assert unpacked(packed(keys)) == sorted(set(keys))


def test_ten_papers_a_day_of_a_million_take_less_than_six_kilobytes_a_year() -> None:
    keys = random.Random(14).sample(range(1_000_000), 3650)
    assert len(packed(keys)) < 6000


def told(paper: int, blob: set[int]) -> bool:
    return not Past([paper]).names(paper).isdisjoint(blob)


@pytest.mark.django_db
def test_a_paper_that_was_merged_was_told_if_any_of_its_parts_was() -> None:
    for kept, gone in ((1, 2), (2, 3)):
        Merge.objects.create(kept=kept, gone=gone, revision=1, at=NOW, because="the same title")
    assert told(1, {3})
    assert not told(4, {1, 2, 3})


@pytest.mark.django_db
def test_both_parts_of_a_paper_that_was_told_were_told() -> None:
    merges.split(1, 9, ["arxiv:2408.00714"])
    assert told(1, {1})
    assert told(9, {1})


@pytest.mark.django_db
def test_what_is_told_of_one_part_after_the_split_says_nothing_of_the_other() -> None:
    merges.split(1, 9, ["arxiv:2408.00714"])
    blob = {Past([1]).key(1)}
    assert told(1, blob)
    assert not told(9, blob)
    merges.split(1, 10, ["arxiv:2408.00715"])
    assert told(10, blob)
    assert not told(9, blob)
    assert Past([1]).key(1) == AFTER + Parted.objects.get(other=10).pk
