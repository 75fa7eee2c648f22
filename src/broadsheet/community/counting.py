"""What people did with a paper, in the numbers of its tally: changed with each deed, recounted at night."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Count, F, Q

from broadsheet.community.models import Comment, CommentState, Vote, WhyNot
from broadsheet.papers.models import Tally

# What a vote adds to, beside being cast.
APART = {WhyNot.AGENT: "by_agents", WhyNot.AUTHOR: "by_authors"}
COLUMNS = ("cast_here", "counted_here", "by_agents", "by_authors", "comments_here", "talkers")
# A recount holds the lock of the database for so many papers at a time.
PAPERS_AT_ONCE = 200


def voted(paper: int, why_not: str, *, by: int) -> None:
    """Count a vote (`by` 1) or its withdrawal (`by` -1). The caller holds the transaction."""
    columns = ["cast_here"] + ([] if why_not else ["counted_here"])
    columns += [APART[WhyNot(why_not)]] if why_not in APART else []
    have_row(paper)
    Tally.objects.filter(paper=paper).update(**{column: F(column) + by for column in columns})


def have_row(paper: int) -> None:
    """Make the tally of a paper that nothing was counted of yet."""
    if not Tally.objects.filter(paper=paper).exists():
        Tally.objects.bulk_create([Tally(paper_id=paper, stamp=0)], ignore_conflicts=True)


def recount(papers: Collection[int]) -> int:
    """Bring the tallies of these papers to what the rows say. How many were wrong."""
    wanted = _counted(papers)
    rows = Tally.objects.filter(paper__in=papers).values_list("paper_id", *COLUMNS)
    there = {pk: tuple(numbers) for pk, *numbers in rows}
    wrong = [pk for pk in papers if wanted.get(pk, _NOTHING) != there.get(pk, _NOTHING)]
    for pk in wrong:
        have_row(pk)
        Tally.objects.filter(paper=pk).update(**dict(zip(COLUMNS, wanted.get(pk, _NOTHING), strict=True)))
    return len(wrong)


def recount_all() -> int:
    """Recount every paper that people did something with, some at a time. How many were wrong."""
    return sum(_in_a_transaction(part) for part in _parts())


_NOTHING = (0,) * len(COLUMNS)


def _in_a_transaction(papers: Collection[int]) -> int:
    with transaction.atomic():
        return recount(papers)


def _parts() -> Iterator[list[int]]:
    acted = {
        *Vote.objects.values_list("paper", flat=True).distinct(),
        *Comment.objects.values_list("paper", flat=True).distinct(),
        *Tally.objects.exclude(cast_here=0, comments_here=0).values_list("paper", flat=True),
    }
    ordered = sorted(acted)
    for start in range(0, len(ordered), PAPERS_AT_ONCE):
        yield ordered[start : start + PAPERS_AT_ONCE]


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
    comments = (
        Comment.objects.filter(paper__in=papers, state=CommentState.VISIBLE)
        .values_list("paper")
        .annotate(written=Count("pk"), talkers=Count("person", filter=Q(is_by_agent=False), distinct=True))
    )
    voted_for = {pk: tuple(numbers) for pk, *numbers in votes}
    talked_of = {pk: tuple(numbers) for pk, *numbers in comments}
    return {
        pk: (*voted_for.get(pk, (0, 0, 0, 0)), *talked_of.get(pk, (0, 0))) for pk in {*voted_for, *talked_of}
    }
