"""Sets of records that are one paper, while it is decided which these are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from broadsheet.papers.likeness import Values, agree, joins_papers, values
from broadsheet.papers.naming import Held


@dataclass(slots=True, eq=False)
class Cluster:
    """Records of one paper, by their places.

    `publishers` are the identifiers of each publisher's record among them, `known` those of all together,
    `elsewhere` the ids of its paper in other catalogues, and `foes` the records that must not join it.
    """

    members: set[int]
    known: Values
    publishers: set[Values] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    foes: set[int] = field(default_factory=set)

    @property
    def first(self) -> int:
        """The place of its first record: no two clusters have the same."""
        return min(self.members)

    @property
    def is_published(self) -> bool:
        """True if a publisher's record is among them."""
        return bool(self.publishers)


class Clusters:
    """Records in order of trust, each in a cluster of its own until it is joined with others."""

    def __init__(self, ranked: Sequence[Held]) -> None:
        self.ranked = ranked
        self.published = [joins_papers(held.record.source) for held in ranked]
        self._of = [self._alone(place, held) for place, held in enumerate(ranked)]

    def __iter__(self) -> Iterator[Cluster]:
        """The clusters, ordered by their first records."""
        return iter(dict.fromkeys(self._of))

    def of(self, place: int) -> Cluster:
        """The cluster of the record at that place."""
        return self._of[place]

    def part(self, left: int, right: int) -> None:
        """Never join the clusters of these two records."""
        self.of(left).foes |= self.of(right).members
        self.of(right).foes |= self.of(left).members

    def join(self, kept: Cluster, other: Cluster) -> None:
        """Make the two clusters one."""
        if kept is other:
            return
        kept.members |= other.members
        kept.publishers |= other.publishers
        kept.known = tuple(map(frozenset.union, kept.known, other.known))
        kept.elsewhere |= other.elsewhere
        kept.foes |= other.foes
        for place in other.members:
            self._of[place] = kept

    def link(self, places: Sequence[int], may: Callable[[Cluster, Cluster], bool]) -> None:
        """Join the clusters of these records, in order, wherever `may` allows it."""
        before: list[Cluster] = []
        for place in places:
            for cluster in before:
                if cluster is not self.of(place) and may(cluster, self.of(place)):
                    self.join(cluster, self.of(place))
            before = list(dict.fromkeys([*(self.of(min(one.members)) for one in before), self.of(place)]))

    def _alone(self, place: int, held: Held) -> Cluster:
        said = values((held.record,))
        return Cluster(
            {place},
            said,
            {said} if self.published[place] else set(),
            {held.elsewhere[0].public_id} if held.elsewhere else set(),
        )


def may_be_ruled(left: Cluster, right: Cluster) -> bool:
    """True unless somebody decided that the two are not one paper."""
    return left.foes.isdisjoint(right.members)


def may_be_published(left: Cluster, right: Cluster) -> bool:
    """True for two papers of publishers that nothing tells apart but texts."""
    if any(agree(ours, theirs) is False for ours in left.publishers for theirs in right.publishers):
        return False
    return _may_be_elsewhere(left, right)


def may_be_loose(left: Cluster, right: Cluster) -> bool:
    """True for two clusters, one at least without a publisher, that nothing tells apart but texts."""
    if left.is_published and right.is_published:
        return False
    return agree(left.known, right.known) is not False and _may_be_elsewhere(left, right)


def _may_be_elsewhere(left: Cluster, right: Cluster) -> bool:
    """True unless somebody decided otherwise, or they are two papers in the catalogue that they came from."""
    are_two = left.elsewhere and right.elsewhere and left.elsewhere.isdisjoint(right.elsewhere)
    return not are_two and may_be_ruled(left, right)
