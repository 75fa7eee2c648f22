"""How what people did follows papers that are merged and split, and whether it counts: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import models
from django.utils import timezone

from broadsheet.accounts import standing
from broadsheet.community import claiming, commenting, voting
from broadsheet.community.deciding import WAITS
from broadsheet.community.models import (
    Claim,
    ClaimKind,
    ClaimState,
    Comment,
    Notice,
    Submission,
    SubmissionState,
    Vote,
    VoteEvent,
)
from broadsheet.papers.merges import Mover, moves, steps

Step = Callable[[Collection[int]], object]


def follow(table: type[models.Model], afterwards: Step = lambda _: None) -> Mover:
    """Rows go to the paper that stays, and back to the one that has their name; then a step is taken."""

    def merge(kept: int, gone: Sequence[int]) -> None:
        table._default_manager.filter(paper__in=gone).update(paper=kept)
        afterwards([kept])

    def split(paper: int, other: int, names: Collection[str]) -> None:
        table._default_manager.filter(paper=paper, named__in=names).update(paper=other)
        afterwards([paper, other])

    return Mover(table, merge=merge, split=split)


def _merge_submissions(kept: int, gone: Sequence[int]) -> None:
    """Of two submissions that wait for one paper the earlier waits on; the other was the same."""
    waiting = Submission.objects.filter(paper__in=[kept, *gone], state__in=WAITS).order_by(
        "submitted_at", "pk"
    )
    later = list(waiting.values_list("pk", flat=True))[1:]
    Submission.objects.filter(pk__in=later).update(state=SubmissionState.DUPLICATE)
    Submission.objects.filter(paper__in=gone).update(paper=kept)


def _merge_claims(kept: int, gone: Sequence[int]) -> None:
    """Of two people who are verified as one author, the earlier stays so; the other's claim is disputed."""
    verified = Claim.objects.filter(paper__in=[kept, *gone], state=ClaimState.VERIFIED, kind=ClaimKind.AUTHOR)
    people: dict[str, int] = {}
    for claim in verified.order_by("decided_at", "pk"):
        if people.setdefault(claim.slug, claim.person_id) != claim.person_id:
            Claim.objects.filter(pk=claim.pk).update(state=ClaimState.DISPUTED)
    Claim.objects.filter(paper__in=gone).update(paper=kept)


def _split_claims(paper: int, other: int, names: Collection[str]) -> None:
    """Claims go back; what was disputed for no other reason than that the papers were one is so no more."""
    Claim.objects.filter(paper=paper, named__in=names).update(paper=other)
    by_merge = Claim.objects.filter(paper__in=[paper, other], state=ClaimState.DISPUTED, reason="")
    for claim in by_merge.order_by("decided_at", "pk"):
        rivals = Claim.objects.filter(paper=claim.paper_id, slug=claim.slug, state=ClaimState.VERIFIED)
        if not rivals.exclude(person=claim.person_id).exists():
            Claim.objects.filter(pk=claim.pk).update(state=ClaimState.VERIFIED)


def _judge(papers: Collection[int]) -> None:
    """Say anew which votes count, and count all that was done."""
    voting.judge(papers, now=timezone.now())


moves.extend(
    [
        follow(VoteEvent),
        follow(Comment),
        follow(Notice),
        Mover(Submission, merge=_merge_submissions, split=follow(Submission).split),
        Mover(Claim, merge=_merge_claims, split=_split_claims),
        # Last: whose votes are an author's depends on where the claims are, and all of it is counted then.
        follow(Vote, _judge),
    ]
)
standing.steps.extend([voting.judge_votes_of, commenting.release])
steps.append(claiming.changed)
