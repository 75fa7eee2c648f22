"""Which records and papers must be looked at together, because a name, a title or a ruling connects them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from broadsheet.papers.naming import Held, Key, Known, claims, text_of, text_of_record
from broadsheet.papers.partition import Ruling


@dataclass(slots=True)
class _Forest:
    """Things that are connected, by number: a union-find without ranks, since the trees stay flat."""

    parent: list[int]
    seen: dict[Hashable, int] = field(default_factory=dict)

    def root(self, number: int) -> int:
        """The number that stands for all that is connected with this one."""
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def share(self, number: int, mark: Hashable) -> None:
        """Connect the number with all others that have this mark."""
        self.connect(number, self.seen.setdefault(mark, number))

    def connect(self, left: int, right: int) -> None:
        """Connect two numbers; the smaller one stands for both."""
        left, right = self.root(left), self.root(right)
        self.parent[max(left, right)] = min(left, right)


def connected(
    state: Mapping[Key, Held],
    known: Iterable[Known],
    rulings: Sequence[Ruling],
    crowded: Collection[str],
) -> Iterator[tuple[list[Held], list[Known]]]:
    """The records and stored papers that belong to one question, question by question."""
    forest = _Forest(list(range(len(state))))
    numbers = {key: number for number, key in enumerate(state)}
    for number, held in enumerate(state.values()):
        title = held.title
        if title not in crowded:
            forest.share(number, title)
        for name in claims(held):
            forest.share(number, name)
    papers: list[tuple[int, Known]] = []
    for paper in known:
        first, *others = (numbers[held.key] for held in paper.held)
        for number in others:
            forest.connect(first, number)
        papers.append((first, paper))
    _connect_ruled(forest, state, rulings)
    groups: dict[int, tuple[list[Held], list[Known]]] = defaultdict(lambda: ([], []))
    for number, held in enumerate(state.values()):
        groups[forest.root(number)][0].append(held)
    for number, paper in papers:
        groups[forest.root(number)][1].append(paper)
    return iter(groups.values())


def _connect_ruled(forest: _Forest, state: Mapping[Key, Held], rulings: Sequence[Ruling]) -> None:
    if not rulings:
        return
    by_name: dict[str, int] = {}
    for number, held in enumerate(state.values()):
        by_name[text_of_record(held.key)] = number
        for name in claims(held):
            by_name[text_of(name)] = number
    for ruling in rulings:
        if ruling.left in by_name and ruling.right in by_name:
            forest.connect(by_name[ruling.left], by_name[ruling.right])
