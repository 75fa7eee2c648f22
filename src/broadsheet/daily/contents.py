"""What an edition has, for who looks for a part of it: its papers of each field, with code, new to a reader,
in their topics; and what arXiv crossed to other lists on that day, or replaced.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value

from broadsheet.accounts.access import Viewer
from broadsheet.daily import editions, months
from broadsheet.daily.entries import UnknownListError
from broadsheet.daily.models import Visibility
from broadsheet.daily.periods import Period
from broadsheet.library import seeing
from broadsheet.library.models import FollowKind
from broadsheet.papers import reading
from broadsheet.papers.models import EditionPlace, PaperCategory, PaperIdentifier, PaperLink
from broadsheet.papers.tables import placeholders
from broadsheet.sources.models import Announcement

# The parts of an edition by their names; any other name is the code of a field.
CODE, NEW, TOPICS, CROSSED, REPLACED = "code", "new", "topics", "crossed", "replaced"
# The same list is another one for each reader.
OF_READER = frozenset({NEW, TOPICS})
# They are of other days.
AGAIN = frozenset({CROSSED, REPLACED})
# Nobody looks through more: of a longer edition no part is told.
MOST = 4_000
ARXIV = "arxiv"
_IN_TOPICS = """
SELECT paper_id FROM daily_topicentry JOIN daily_topic ON daily_topic.id = topic_id
WHERE (owner_id = %s OR (visibility <> %s AND slug IN
    (SELECT name FROM library_follow WHERE person_id = %s AND kind = %s)))
AND number > 0 AND paper_id IN (papers)
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """The keys of all papers of an edition, and how many of them have code and are of each field, those of
    the most papers first; a paper is of its first category. `crossed` and `replaced` are no papers of it.
    """

    papers: tuple[int, ...] = ()
    code: int = 0
    fields: tuple[tuple[str, int], ...] = ()
    crossed: frozenset[int] = frozenset()
    replaced: frozenset[int] = frozenset()


def of_period(period: Period) -> Contents:
    """What the edition of the period has; nothing is told of one that is too long."""
    return _of_period(period, reading.revision())


def forget() -> None:
    """Look again: the catalogue is another one."""
    _of_period.cache_clear()


@lru_cache(maxsize=64)
def _of_period(period: Period, _revision: int) -> Contents:
    papers = _papers(period)
    if len(papers) > MOST:
        return Contents()
    fields, code = _counts(papers)
    return Contents(papers, code, fields, *_announced_again(period, papers))


def part(period: Period, name: str, viewer: Viewer) -> Collection[int]:
    """The keys of a part of an edition, by its name. Raises UnknownListError."""
    found = of_period(period)
    match name:
        case "crossed":
            return found.crossed
        case "replaced":
            return found.replaced
        case "new":
            return {*found.papers} - (seeing.seen_among(viewer.pk, found.papers) if viewer.pk else set())
        case "topics":
            return in_topics(viewer, found.papers)
        case "code":
            return {*_with_code(found.papers).values_list("paper", flat=True)}
    if name not in dict(found.fields):
        raise UnknownListError("There is no such part of this edition.")
    return {*_primary(found.papers).filter(code=name).values_list("paper", flat=True)}


def in_topics(viewer: Viewer, papers: Collection[int]) -> set[int]:
    """Those of the papers that came to a topic that the viewer owns or follows.

    The SQL is ours: each page of an edition asks for it.
    """
    if viewer.pk is None or not papers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_TOPICS.replace("(papers)", f"({placeholders(papers)})"),
            [viewer.pk, Visibility.PRIVATE, viewer.pk, FollowKind.TOPIC, *papers],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _papers(period: Period) -> tuple[int, ...]:
    listed = EditionPlace.objects.filter(kind=period.kind, first=period.first).values_list("paper")
    others = editions.unlisted().filter(day__range=(period.first, period.last)).values_list("pk")
    undated = months.papers_of(period).order_by().values_list("pk")
    found = listed.union(others, undated, all=True)
    return tuple(pk for (pk,) in found[: MOST + 1])


def _counts(papers: Collection[int]) -> tuple[tuple[tuple[str, int], ...], int]:
    """How many of the papers are of each field, and how many have code."""
    fields = _primary(papers).values_list(Value("field"), "code").annotate(Count("pk"))
    code = _with_code(papers).values_list(Value("code"), "kind").annotate(Count("paper", distinct=True))
    found = [*fields.union(code, all=True)]
    of_fields = [(name, count) for says, name, count in found if says == "field"]
    with_code = sum(count for says, _, count in found if says == "code")
    return tuple(sorted(of_fields, key=lambda one: (-one[1], one[0]))), with_code


def _primary(papers: Collection[int]) -> QuerySet[PaperCategory]:
    return PaperCategory.objects.filter(paper__in=papers, position=1)


def _with_code(papers: Collection[int]) -> QuerySet[PaperLink]:
    return PaperLink.objects.filter(paper__in=papers, kind="code")


def _announced_again(period: Period, papers: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The papers that arXiv announced on a day whose news they are not: crossed to another list, or in a
    later version.
    """
    if period.kind != "day":
        return frozenset(), frozenset()
    named = PaperIdentifier.objects.filter(scheme=OuterRef("scheme"), value=OuterRef("value"))
    announced = Announcement.objects.filter(source=ARXIV, day=period.first, scheme=ARXIV)
    found = announced.values_list(
        Subquery(named.values("paper")), Subquery(named.values("paper__day")), "version"
    )
    other = [(pk, version) for pk, day, version in found if pk and day != period.first]
    replaced = frozenset(pk for pk, version in other if version > 1).difference(papers)
    return frozenset(pk for pk, _ in other).difference(papers, replaced), replaced
