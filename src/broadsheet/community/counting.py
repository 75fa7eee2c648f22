"""What people did with a paper, in the numbers of its tally: changed with each deed, recounted at night."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Count, F, Q

from broadsheet.community import sight
from broadsheet.community.models import Comment, Vote, WhyNot
from broadsheet.papers.models import Tally

# What a vote adds to, beside being cast.
APART = {WhyNot.AGENT: "by_agents", WhyNot.AUTHOR: "by_authors"}
COLUMNS = ("cast_here", "counted_here", "by_agents", "by_authors", "comments_here", "talkers")
# So many papers are counted at a time; a repair, which keeps others from writing, is of fewer.
PAPERS_AT_ONCE, REPAIRED_AT_ONCE = 200, 20


def voted(paper: int, why_not: str, *, by: int) -> None:
    """Count a vote (`by` 1) or its withdrawal (`by` -1). The caller holds the transaction and the tally."""
    columns = ["cast_here"] + ([] if why_not else ["counted_here"])
    columns += [APART[WhyNot(why_not)]] if why_not in APART else []
    Tally.objects.filter(paper=paper).update(**{column: F(column) + by for column in columns})


def lock(papers: Collection[int]) -> None:
    """Let nobody else count these papers until the transaction ends; each of them has a tally then.

    Whoever changes votes or comments takes it first: so no count is of a moment before another one.
    """
    rows = Tally.objects.select_for_update().filter(paper__in=papers).order_by("paper")
    missing = {*papers} - {*rows.values_list("paper", flat=True)}
    if missing:
        Tally.objects.bulk_create(
            [Tally(paper_id=pk, stamp=0) for pk in sorted(missing)], ignore_conflicts=True
        )
        list(rows.filter(paper__in=missing).values_list("paper"))


def talked(paper: int) -> None:
    """Count the comments on a paper anew, after one of them changed, and say that something did. The caller
    holds the transaction and the tally.
    """
    comments, talkers = _talk([paper]).get(paper, (0, 0))
    Tally.objects.filter(paper=paper).update(
        comments_here=comments, talkers=talkers, talk_stamp=F("talk_stamp") + 1
    )


def talk_stamp(paper: int) -> int:
    """A number that grows with each change to what is said of the paper."""
    return Tally.objects.filter(paper=paper).values_list("talk_stamp", flat=True).first() or 0


def recount(papers: Collection[int]) -> int:
    """Bring the tallies of these papers to what the rows say. How many were wrong.

    The caller holds the transaction.
    """
    lock(papers)
    wrong = _wrong(papers)
    for pk, counted in wrong.items():
        Tally.objects.filter(paper=pk).update(**dict(zip(COLUMNS, counted, strict=True)))
    return len(wrong)


def recount_all() -> int:
    """Recount every paper that people did something with. How many were wrong.

    The counting holds no lock; what seems wrong is counted again with one, a few papers at a time.
    """
    repaired = 0
    for part in _parts():
        wrong = [*_wrong(part)]
        for start in range(0, len(wrong), REPAIRED_AT_ONCE):
            with transaction.atomic():
                repaired += recount(wrong[start : start + REPAIRED_AT_ONCE])
    return repaired


_NOTHING = (0,) * len(COLUMNS)


def _wrong(papers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """What the tallies of these papers should say, where they do not."""
    wanted = _counted(papers)
    rows = Tally.objects.filter(paper__in=papers).values_list("paper_id", *COLUMNS)
    there = {pk: tuple(numbers) for pk, *numbers in rows}
    return {
        pk: wanted.get(pk, _NOTHING) for pk in papers if wanted.get(pk, _NOTHING) != there.get(pk, _NOTHING)
    }


def _parts() -> Iterator[list[int]]:
    """The papers that somebody voted for or wrote about, or of which a tally says so, some at a time."""
    after = 0
    while part := sorted(_acted(after))[:PAPERS_AT_ONCE]:
        yield part
        after = part[-1]


def _acted(after: int) -> set[int]:
    rows = (
        Vote.objects.all(),
        Comment.objects.all(),
        Tally.objects.exclude(cast_here=0, comments_here=0),
    )
    return {
        pk
        for query in rows
        for pk in query.filter(paper__gt=after)
        .order_by("paper")
        .values_list("paper", flat=True)
        .distinct()[:PAPERS_AT_ONCE]
    }


def _counted(papers: Collection[int]) -> dict[int, tuple[int, ...]]:
    votes = (
        Vote.objects.filter(paper__in=papers)
        .exclude(why_not=WhyNot.TWICE)
        .values_list("paper")
        .annotate(
            cast=Count("pk"),
            right=Count("pk", filter=Q(why_not="")),
            agents=Count("pk", filter=Q(why_not=WhyNot.AGENT)),
            authors=Count("pk", filter=Q(why_not=WhyNot.AUTHOR)),
        )
    )
    voted_for = {pk: tuple(numbers) for pk, *numbers in votes}
    talked_of = _talk(papers)
    return {
        pk: (*voted_for.get(pk, (0, 0, 0, 0)), *talked_of.get(pk, (0, 0))) for pk in {*voted_for, *talked_of}
    }


def _talk(papers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """How many comments on each paper everybody reads, and how many people wrote them."""
    comments = (
        sight.public()
        .filter(paper__in=papers)
        .values_list("paper")
        .annotate(written=Count("pk"), talkers=Count("person", filter=Q(is_by_agent=False), distinct=True))
    )
    return {pk: tuple(numbers) for pk, *numbers in comments}
