"""Which papers a digest tells, under which topic. Pure: what is new and what was told are arguments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

MOST = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """What is new in a topic for a reader: papers and their numbers there, rising; and `older` ones, to which
    only the link leads where there are newer ones in any topic.

    At most `size` papers of it are told.
    """

    pk: int
    slug: str
    name: str
    size: int
    papers: Sequence[tuple[int, int]]
    older: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class ChosenPaper:
    """A paper that is told, its number in its topic, and the names of other topics of the reader with it."""

    pk: int
    number: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChosenTopic:
    """A topic with the papers told under it; `new` is how many are new in it for the reader, told or not.

    All of these came after the number `since`. The `rest` are those that wait behind the links, in the order
    of the list.
    """

    pk: int
    slug: str
    name: str
    papers: tuple[ChosenPaper, ...]
    new: int
    since: int = 0
    rest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What a digest tells, how many more papers there are behind the links, and how many the reader leaves
    out of all lists.
    """

    topics: tuple[ChosenTopic, ...]
    left: int
    hidden: int = 0

    @property
    def papers(self) -> list[int]:
        """All papers that are told, in their order."""
        return [paper.pk for topic in self.topics for paper in topic.papers]


def choose(
    offers: Sequence[Offer],
    is_told: Callable[[int], bool],
    *,
    left_out: Callable[[Collection[int]], Collection[int]] = lambda _: (),
    most: int = MOST,
) -> Choice:
    """Walk the topics in their order, the newest papers of each first, and tell each paper once.

    A paper stands under the first topic that has it. Where that topic has told as many as it may, the next
    topic with it can tell it. What was told before is never told again, and of the others those that are
    `left_out` are not told.
    """
    homes: dict[int, list[str]] = defaultdict(list)
    for offer in offers:
        for pk, _ in (*offer.older, *offer.papers):
            homes[pk].append(offer.name)
    waiting, topics = {pk for pk in homes if not is_told(pk)}, list[ChosenTopic]()
    hidden = {*left_out(waiting)}
    waiting -= hidden
    if not any(pk in waiting for offer in offers for pk, _ in offer.papers):
        offers = [replace(offer, papers=(*offer.older, *offer.papers), older=()) for offer in offers]
    for offer in offers:
        free = [paper for paper in reversed(offer.papers) if paper[0] in waiting]
        chosen = free[: min(offer.size, most)]
        most -= len(chosen)
        waiting -= {pk for pk, _ in chosen}
        if chosen:
            topics.append(_topic(offer, chosen, [*free[len(chosen) :], *reversed(offer.older)], homes))
    left = (replace(topic, rest=tuple(pk for pk in topic.rest if pk in waiting)) for topic in topics)
    return Choice(tuple(left), len(waiting), len(hidden))


def _topic(
    offer: Offer,
    chosen: Sequence[tuple[int, int]],
    rest: Sequence[tuple[int, int]],
    homes: dict[int, list[str]],
) -> ChosenTopic:
    papers = (
        ChosenPaper(pk, number, tuple(name for name in homes[pk] if name != offer.name))
        for pk, number in chosen
    )
    new = (*offer.older, *offer.papers)
    since, waiting = max(new[0][1] - 1, 0), tuple(pk for pk, _ in rest)
    return ChosenTopic(offer.pk, offer.slug, offer.name, tuple(papers), len(new), since, waiting)
