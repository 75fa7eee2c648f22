"""A digest tells a paper once, under the first topic that has it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.digests.choosing import ChosenPaper, Offer, choose


def nothing(paper: int) -> bool:
    del paper
    return False


def test_a_paper_stands_under_the_first_topic_that_has_it_and_says_where_else_it_is() -> None:
    first = Offer(1, "cats", "Cats", 10, [(7, 1), (8, 2)])
    second = Offer(2, "dogs", "Dogs", 10, [(8, 5), (9, 6)])
    choice = choose([first, second], nothing)
    cats, dogs = choice.topics
    assert cats.papers == (ChosenPaper(8, 2, ("Dogs",)), ChosenPaper(7, 1))
    assert dogs.papers == (ChosenPaper(9, 6),)
    assert (cats.new, dogs.new, choice.left) == (2, 2, 0)


def test_what_was_told_is_not_told_again_and_an_empty_topic_is_left_out() -> None:
    choice = choose([Offer(1, "cats", "Cats", 10, [(7, 1)])], {7}.__contains__)
    assert choice.topics == ()
    assert choice.left == 0


def test_a_topic_and_a_mail_have_their_most_and_what_is_older_is_behind_the_link() -> None:
    many = [(pk, pk) for pk in range(1, 31)]
    offers = [
        Offer(1, "a", "A", 5, many, older=[(100, 0), (101, 0)]),
        Offer(2, "b", "B", 40, many, older=[(101, 0)]),
    ]
    choice = choose(offers, nothing, most=12)
    assert [paper.pk for paper in choice.topics[0].papers] == [30, 29, 28, 27, 26]
    assert [paper.pk for paper in choice.topics[1].papers] == [25, 24, 23, 22, 21, 20, 19]
    assert choice.left == 18 + 2
    assert choice.topics[0].new == 32
    assert choice.topics[0].rest == (*range(18, 0, -1), 101, 100)


def offer(pk: int, size: int, papers: list[int], older: list[int]) -> Offer:
    return Offer(pk, f"t{pk}", f"T{pk}", size, [(one, one) for one in papers], [(one, 0) for one in older])


PAPERS = st.lists(st.integers(1, 60), unique=True)
OFFERS = st.lists(st.builds(offer, st.integers(1, 9), st.integers(1, 40), PAPERS, PAPERS), max_size=6)


SOME = st.sets(st.integers(1, 60))


@given(offers=OFFERS, told=SOME, left_out=SOME, most=st.integers(0, 40))
def test_whatever_is_new_is_told_once_or_counted_and_nothing_else(
    offers: list[Offer], told: set[int], left_out: set[int], most: int
) -> None:
    choice = choose(offers, told.__contains__, left_out=left_out.intersection, most=most)
    fresh = {pk for offer in offers for pk, _ in (*offer.papers, *offer.older)} - told
    assert choice.hidden == len(fresh & left_out)
    fresh -= left_out
    assert len(choice.papers) == len(set(choice.papers)) <= most
    assert set(choice.papers) <= fresh
    assert choice.left == len(fresh) - len(choice.papers)


def test_what_is_not_told_of_a_topic_is_scanned_after_the_number_where_it_began() -> None:
    first, second = Offer(1, "a", "A", 1, [(7, 8), (8, 9), (9, 12)]), Offer(2, "b", "B", 9, [(7, 3)])
    a, b = choose([first, second], nothing).topics
    assert (a.since, a.rest) == (7, (8,))
    assert (b.since, b.rest) == (2, ())


def test_where_nothing_newer_is_there_the_older_papers_are_told() -> None:
    offers = [Offer(1, "a", "A", 5, [(3, 9)], older=[(7, 1), (8, 2)])]
    assert choose(offers, nothing).papers == [3]
    assert choose(offers, {3}.__contains__).papers == [8, 7]
