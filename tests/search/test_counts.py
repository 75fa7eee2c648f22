"""Votes and comments order and filter without the index, and are those that are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.shelf import MORNING, records

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Change, Paper
from broadsheet.papers.record import Signal
from broadsheet.search import finding
from broadsheet.search.counts import Counts

pytestmark = pytest.mark.django_db


def vote(number: int, minutes: int = 1, **signals: int) -> None:
    """Have a source count so much of the paper of the shelf with that number, from 1."""
    paper = records()[number - 1]
    given = tuple(Signal(name, value) for name, value in signals.items())
    observed = MORNING + timedelta(minutes=minutes)
    one = replace(paper, source="huggingface", signals=given, observed_at=observed)
    store([one], now=observed)


@pytest.fixture
def voted(shelf, catch_up) -> dict[int, int]:
    """The papers of the shelf, indexed after they had votes; their keys by their numbers."""
    for number, votes in ((1, 5), (4, 9), (6, 9), (9, 1)):
        vote(number, upvotes=votes, comments=10 - votes)
    catch_up()
    return dict(enumerate(shelf, 1))


def numbers(voted: dict[int, int], query: str, order="votes", **page) -> list[int]:
    found = finding.matches(query, order, **{"limit": 50, **page})
    by_key = {pk: number for number, pk in voted.items()}
    return [by_key[pk] for pk in found.papers]


def test_papers_come_by_their_votes_and_comments(voted):
    assert numbers(voted, "")[:4] == [6, 4, 1, 9]
    assert numbers(voted, "", "comments")[:4] == [9, 1, 6, 4]
    assert finding.matches("", "votes", limit=2).total == 9


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("votes:>5", {4, 6}),
        ("votes:5..", {1, 4, 6}),
        ("votes:1..5", {1, 9}),
        ("votes:0", {2, 3, 5, 7, 8}),
        ("votes:..1", {2, 3, 5, 7, 8, 9}),
        ("-votes:>5", {1, 2, 3, 5, 7, 8, 9}),
        ("votes:>5 comments:1", {4, 6}),
        ("robot OR votes:5", {1, 9}),
        ("robot votes:>1", set()),
        ("votes:>100", set()),
    ],
)
def test_votes_filter(voted, query, papers):
    for order in ("votes", "comments", "date"):
        assert set(numbers(voted, query, order)) == papers
        assert finding.matches(query, order, limit=1).total == len(papers)


def test_a_new_count_is_seen_at_once_and_nothing_is_indexed(voted):
    assert not Change.objects.exists()
    vote(2, minutes=5, upvotes=0)
    Change.objects.all().delete()
    vote(1, minutes=9, upvotes=99, comments=5)
    assert not Change.objects.exists()
    assert numbers(voted, "")[0] == 1
    assert numbers(voted, "votes:>50") == [1]
    assert numbers(voted, "votes:5") == []


def test_pages_follow_a_cursor_while_counts_change(voted):
    first = finding.matches("", "votes", limit=3)
    vote(9, minutes=7, upvotes=500)
    shown = [*first.papers]
    page = first
    while page.after:
        page = finding.matches("", "votes", limit=3, after=page.after)
        shown += page.papers
    assert len(shown) == len(set(shown))
    assert set(voted.values()) - set(shown) == {voted[9]}
    newer = finding.matches("", "votes", limit=5, since=first.places[0])
    assert newer.papers == (voted[9],)


def test_a_paper_that_is_gone_is_found_by_its_votes_no_more(voted, catch_up):
    Paper.objects.filter(pk=voted[1]).delete()
    Change.objects.create(paper_id=voted[1])
    catch_up()
    assert finding.matches("votes:5", "votes", limit=5).total == 0


ROWS = st.dictionaries(st.integers(0, 20_000), st.integers(0, 9), max_size=20)


@given(st.lists(ROWS, max_size=4), st.integers(0, 9), st.integers(0, 9))
def test_counts_grow_row_by_row_and_tell_who_has_so_many(parts, one, other):
    low, high = sorted((one, other))
    known: dict[int, int] = {}
    kept = Counts()
    for stamp, part in enumerate(parts, 1):
        papers, values = np.array(list(part), np.int64), np.array(list(part.values()), np.int64)
        kept = kept.with_rows(stamp, papers, values, values + 1)
        known |= part
    everybody = np.arange(25_000)
    assert kept.of("votes", everybody).tolist() == [known.get(paper, 0) for paper in range(25_000)]
    papers, are_excluded = kept.between("votes", low, high)
    having = set(range(25_000)) - set(papers.tolist()) if are_excluded else set(papers.tolist())
    assert having == {paper for paper in range(25_000) if low <= known.get(paper, 0) <= high}
