"""Which records are one paper: a function of the set of records, whatever the order in which they came.

Pure. Publishers' records decide among themselves first, so that nothing typed by somebody else can join or
part two of their papers; then each loose record finds the one paper that it is about, or stays a paper of its
own. The rules are in docs/decisions/0017-merging.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from broadsheet.papers.clusters import Cluster, Clusters, may_be_loose, may_be_published, may_be_ruled
from broadsheet.papers.likeness import IDENTIFYING_SCHEMES, same_text
from broadsheet.papers.naming import Held, anchors, order

# Of a title that more records have than this, texts decide nothing: it is an "Editorial" or a "Preface".
MOST_OF_A_TITLE = 50

Name = tuple[str, str]
Near = Mapping[Cluster, set[Cluster]]
May = Callable[[Cluster, Cluster], bool]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decided: that what these two names stand for is one paper, or is two."""

    left: str
    right: str
    same: bool


def partition(
    held: Iterable[Held], rulings: Sequence[Ruling] = (), *, crowded: Collection[str] = ()
) -> list[list[Held]]:
    """The records, a list for each paper, those of the best sources first.

    `rulings` are above every rule, the latest first: what contradicts a later ruling has no effect.
    `crowded` are the titles that more than MOST_OF_A_TITLE records have.
    """
    ranked = sorted(held, key=order)
    clusters = Clusters(ranked)
    titles = _titles(ranked, crowded)
    _rule(clusters, rulings)
    _join_as_elsewhere(clusters)
    _join_published(clusters)
    _join_published_by_text(clusters, titles)
    _find_by_identifiers(clusters)
    _join_loose_by_identifiers(clusters)
    _find_by_text(clusters, titles)
    return [[ranked[place] for place in sorted(cluster.members)] for cluster in clusters]


def _titles(ranked: Sequence[Held], crowded: Collection[str]) -> list[list[int]]:
    """The places of the records of each title that several records have and that is not crowded."""
    titles: dict[str, list[int]] = defaultdict(list)
    for place, held in enumerate(ranked):
        titles[held.title].append(place)
    return [places for title, places in titles.items() if len(places) > 1 and title not in crowded]


def _rule(clusters: Clusters, rulings: Sequence[Ruling]) -> None:
    anchor = anchors(clusters.ranked) if rulings else {}
    for ruling in rulings:
        left, right = anchor.get(ruling.left), anchor.get(ruling.right)
        if left is None or right is None or clusters.of(left) is clusters.of(right):
            continue
        if not ruling.same:
            clusters.part(left, right)
        elif may_be_ruled(clusters.of(left), clusters.of(right)):
            clusters.join(clusters.of(left), clusters.of(right))


def _join_as_elsewhere(clusters: Clusters) -> None:
    """Join the records that are one paper in the catalogue from which they came."""
    papers: dict[str, list[int]] = defaultdict(list)
    for place, held in enumerate(clusters.ranked):
        if held.elsewhere:
            papers[held.elsewhere[0].public_id].append(place)
    for _, places in sorted(papers.items()):
        clusters.link(places, may_be_ruled)


def _join_published(clusters: Clusters) -> None:
    """Join publishers' records by their identifiers, the strongest scheme first."""
    having = _by_name(clusters, (n for n, is_published in enumerate(clusters.published) if is_published))
    for name in sorted(having, key=_strength):
        clusters.link(having[name], may_be_published)


def _join_published_by_text(clusters: Clusters, titles: Sequence[Sequence[int]]) -> None:
    """Join the papers of publishers whose texts are those of one paper, if they may be one."""
    published = [[n for n in places if clusters.published[n]] for places in titles]
    texts = _Texts.of(clusters, published, may_be_published)
    for group in texts.unambiguous(texts.near):
        _join(clusters, group)


def _find_by_identifiers(clusters: Clusters) -> None:
    """Add each loose record to the publishers' paper that its best identifier finds."""
    papers = _by_name(clusters, (n for n, is_published in enumerate(clusters.published) if is_published))
    for place, held in enumerate(clusters.ranked):
        if held.elsewhere and clusters.of(place).is_published:
            for name in held.elsewhere:
                papers.setdefault((name.scheme, name.value), []).append(place)
    for place, is_published in enumerate(clusters.published):
        if is_published:
            continue
        found = (clusters.of(other) for name in _names(clusters, place) for other in papers.get(name, ()))
        paper = next((paper for paper in found if may_be_loose(paper, clusters.of(place))), None)
        if paper:
            clusters.join(paper, clusters.of(place))


def _join_loose_by_identifiers(clusters: Clusters) -> None:
    """Join the loose records that found no paper, each by the best identifier that another of them has too.

    Each by one alone: a record with two must not make one paper of those that have one of them each.
    """
    having = _by_name(clusters, (n for n in range(len(clusters.ranked)) if not clusters.of(n).is_published))
    chosen: dict[Name, list[int]] = defaultdict(list)
    for place in sorted({place for places in having.values() for place in places}):
        shared = (name for name in _names(clusters, place) if len(having[name]) > 1)
        if name := next(shared, None):
            chosen[name].append(place)
    for name in sorted(chosen, key=_strength):
        clusters.link(chosen[name], may_be_loose)


def _find_by_text(clusters: Clusters, titles: Sequence[Sequence[int]]) -> None:
    """Add what is loose to the one publishers' paper that has its texts, and join what found none.

    What could be one of two papers joins neither.
    """
    texts = _Texts.of(clusters, titles, may_be_loose)
    papers = {
        cluster: [other for other in near if other.is_published]
        for cluster, near in texts.near.items()
        if not cluster.is_published
    }
    groups = list(_found(papers, texts))
    joined = {cluster for group in groups for cluster in group}
    rest = {cluster for cluster, found in papers.items() if len(found) <= 1 and cluster not in joined}
    groups += texts.unambiguous({one: texts.near[one] & rest for one in rest})
    for group in groups:
        _join(clusters, group)


def _found(papers: Mapping[Cluster, Sequence[Cluster]], texts: _Texts) -> Iterator[list[Cluster]]:
    """Each paper that loose clusters have found, and no other, with those of them that agree with all of
    them: what two of them contradict each other in is no word about the paper.
    """
    finding: dict[Cluster, list[Cluster]] = defaultdict(list)
    for cluster, found in papers.items():
        if len(found) == 1:
            finding[found[0]].append(cluster)
    for paper, loose in finding.items():
        yield [paper, *(one for one in loose if not any(texts.are_apart(one, other) for other in loose))]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Which clusters are near each other by their texts, and which of one title are surely two papers."""

    near: Near
    far: Collection[frozenset[Cluster]]
    may: May

    @classmethod
    def of(cls, clusters: Clusters, titles: Sequence[Sequence[int]], may: May) -> _Texts:
        said: dict[tuple[bool, bool], set[frozenset[Cluster]]] = defaultdict(set)
        for one, other in (pair for places in titles for pair in combinations(places, 2)):
            if clusters.of(one) is not clusters.of(other):
                is_same = same_text(clusters.ranked[one].record, clusters.ranked[other].record)
                if is_same is not None:
                    is_loose = not (clusters.published[one] or clusters.published[other])
                    said[is_same, is_loose].add(frozenset((clusters.of(one), clusters.of(other))))
        # Of loose records one contradiction is enough, unless a publisher's own record settles it.
        same = said[True, False] | (said[True, True] - said[False, True])
        different = (said[False, False] | said[False, True]) - same
        near: dict[Cluster, set[Cluster]] = defaultdict(set)
        for left, right in map(tuple, same):
            if may(left, right):
                near[left].add(right)
                near[right].add(left)
        return cls(near, different, may)

    def are_apart(self, left: Cluster, right: Cluster) -> bool:
        """True for two that are surely not one paper."""
        return left is not right and (frozenset((left, right)) in self.far or not self.may(left, right))

    def unambiguous(self, near: Near) -> Iterator[list[Cluster]]:
        """The clusters that are one paper: what lies between two that are not is left out, and so is a
        whole group that still holds two such.
        """
        clear = {
            cluster
            for cluster, others in near.items()
            if not any(self.are_apart(*pair) for pair in combinations(others, 2))
        }
        for group in _connected({cluster: near[cluster] & clear for cluster in clear}):
            if len(group) > 1 and not any(self.are_apart(*pair) for pair in combinations(group, 2)):
                yield group


def _connected(near: Near) -> Iterator[list[Cluster]]:
    """The clusters that can be reached from each other, group by group."""
    seen: set[Cluster] = set()
    for start in near:
        group, waiting = [], [start]
        while waiting:
            cluster = waiting.pop()
            if cluster not in seen:
                seen.add(cluster)
                group.append(cluster)
                waiting += near[cluster]
        if group:
            yield group


def _join(clusters: Clusters, group: Sequence[Cluster]) -> None:
    for other in group[1:]:
        clusters.join(group[0], other)


def _by_name(clusters: Clusters, places: Iterable[int]) -> dict[Name, list[int]]:
    """The records of each identifier that names one paper."""
    having: dict[Name, list[int]] = defaultdict(list)
    for place in places:
        for name in _names(clusters, place):
            having[name].append(place)
    return having


def _names(clusters: Clusters, place: int) -> list[Name]:
    """A record's identifiers that name one paper each, the strongest first."""
    identifiers = clusters.ranked[place].record.identifiers
    names = {(one.scheme, one.value) for one in identifiers if one.scheme in IDENTIFYING_SCHEMES}
    return sorted(names, key=_strength)


def _strength(name: Name) -> tuple[int, str]:
    return IDENTIFYING_SCHEMES.index(name[0]), name[1]
