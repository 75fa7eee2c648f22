"""What people did with a paper, in the numbers of its tally: changed with each deed, recounted at night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from broadsheet.accounts.joining import is_vouched_for_at_once
from broadsheet.community import sight
from broadsheet.community.models import Comment, Vote, WhyNot
from broadsheet.papers import edition_places, marks, tables, tallies
from broadsheet.papers.inserting import update
from broadsheet.papers.models import Paper, Tally
from broadsheet.papers.portions import portions
from broadsheet.papers.tallies import Held

# What a vote adds to, beside being cast.
APART = {WhyNot.AGENT: "by_agents", WhyNot.AUTHOR: "by_authors"}
COLUMNS = ("cast_here", "counted_here", "by_agents", "by_authors", "comments_here", "talkers")
# So many papers are counted at a time, and judged anew; a repair, which keeps others from writing, is of few.
COUNTED_AT_ONCE, PAPERS_AT_ONCE, REPAIRED_AT_ONCE = 2000, 200, 5


def voted(tally: Held, why_not: str, *, by: int) -> Held:
    """Count a vote (`by` 1) or its withdrawal (`by` -1), and give the tally as it is then. The caller holds
    it.
    """
    apart = f", {APART[WhyNot(why_not)]} = {APART[WhyNot(why_not)]} + {by:d}" if why_not in APART else ""
    now = tally if why_not else replace(tally, counted_here=tally.counted_here + by)
    with connection.cursor() as cursor:
        # Django takes longer to write it than the database to do it, and a vote is nothing but this.
        cursor.execute(
            f"UPDATE papers_tally SET cast_here = cast_here + {by:d}, counted_here = %s{apart},"  # noqa: S608 (names and numbers of ours)
            " heat_day = %s, heat_week = %s, heat_month = %s WHERE paper_id = %s",
            [now.counted_here, *now.heats(), now.paper],
        )
    edition_places.move(now.paper, now.counted_here, now.talkers)
    return now


def stamp() -> int:
    """A number that changes with votes and comments; for what lists of papers show of them."""
    with connection.cursor() as cursor:
        # Asked for each page of lists: Django takes longer to write it than the database to answer.
        cursor.execute(
            "SELECT (SELECT MAX(id) FROM community_voteevent), (SELECT MAX(id) FROM community_comment)"
        )
        return sum(last or 0 for last in cursor.fetchone())


def state() -> marks.Mark:
    """All that what pages say of votes and comments depends on, in one query: the revision of the catalogue,
    what sources counted, votes, and comments.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT MAX(number) FROM papers_revision), (SELECT MAX(stamp) FROM papers_tally),"
            " (SELECT MAX(id) FROM community_voteevent), (SELECT MAX(id) FROM community_comment)"
        )
        return tuple(cursor.fetchone())


# The order of a list may be so many seconds behind the votes.
lately = marks.Lately(stamp, seconds=60)


def held(paper: int) -> Held | None:
    """The tally of the paper, which nobody else counts until the transaction ends; None where there is no
    such paper any more.
    """
    if there := tallies.held(paper):
        return there
    lock([paper])
    return tallies.held(paper)


def lock(papers: Collection[int]) -> None:
    """Let nobody else count these papers until the transaction ends; each of them has a tally then.

    Whoever changes votes or comments takes it first: so no count is of a moment before another one.
    """
    if missing := {*papers} - tallies.locked(papers):
        days = Paper.objects.filter(pk__in=missing).order_by("pk").values_list("pk", "day")
        # What has no tally was never on a list.
        fresh = [Tally(paper_id=pk, stamp=0, first_on=day) for pk, day in days]
        Tally.objects.bulk_create(fresh, ignore_conflicts=True)
        tallies.locked(missing)


def talked(paper: int) -> None:
    """Count the comments on a paper anew, after one of them changed, and say that something did. The caller
    holds the transaction and the tally.
    """
    said = _said(Q(paper=paper)).aggregate(
        many=Count("pk"), people=Count("person", distinct=True, filter=_heard())
    )
    tally = tallies.held(paper)
    if tally is None:
        return
    now = replace(tally, talkers=said["people"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE papers_tally SET comments_here = %s, talkers = %s, talk_stamp = talk_stamp + 1,"
            " heat_day = %s, heat_week = %s, heat_month = %s WHERE paper_id = %s",
            [said["many"], now.talkers, *now.heats(), paper],
        )
    edition_places.move(paper, now.counted_here, now.talkers)


def mark_of_talk(name: str) -> marks.Mark | None:
    """A mark of the paper with that name, and of what is said of it: it changes with either, at once."""
    known = marks.of_paper(name)
    if known is None:
        return None
    with connection.cursor() as cursor:
        # Asked for each page of a paper: see `stamp`.
        cursor.execute("SELECT talk_stamp FROM papers_tally WHERE paper_id = %s", [known[0]])
        row = cursor.fetchone()
    return *known, row[0] if row else None


def mark_of_counts(name: str) -> marks.Mark | None:
    """A mark of the paper with that name, and of its numbers: it changes with each vote and comment."""
    known = marks.of_paper(name)
    if known is None:
        return None
    row = Tally.objects.filter(paper=known[0]).values_list("talk_stamp", *COLUMNS).first()
    return *known, *(row or ())


def comments(paper: int) -> int:
    """How many comments on the paper everybody reads."""
    return next((said for *_, said in tables.tallied([paper], "comments_here")), 0)


def recount(papers: Collection[int]) -> int:
    """Bring the tallies of these papers to what the rows say. How many were wrong.

    The caller holds the transaction.
    """
    lock(papers)
    wrong = _wrong(Q(paper__in=papers))
    update(Tally, COLUMNS, ("paper",), ((*counted, pk) for pk, counted in wrong.items()))
    tallies.warm(wrong)
    # Whoever has them recounted changed what is said, too: comments moved, or were emptied.
    Tally.objects.filter(paper__in=papers).update(talk_stamp=F("talk_stamp") + 1)
    return len(wrong)


def recount_all() -> int:
    """Recount every paper that people did something with. How many were wrong.

    The counting holds no lock; what seems wrong is counted again with one, a few papers at a time.
    """
    repaired = 0
    for first, last in _parts():
        wrong = [*_wrong(Q(paper__gte=first, paper__lte=last))]
        for some in portions(wrong, REPAIRED_AT_ONCE):
            with transaction.atomic():
                repaired += recount(some)
    return repaired


_NOTHING = (0,) * len(COLUMNS)


def _wrong(of: Q) -> dict[int, tuple[int, ...]]:
    """What the tallies of these papers should say, where they do not."""
    wanted = _counted(of)
    there = {
        pk: tuple(numbers) for pk, *numbers in Tally.objects.filter(of).values_list("paper_id", *COLUMNS)
    }
    papers = sorted({*wanted, *there})
    return {
        pk: wanted.get(pk, _NOTHING) for pk in papers if wanted.get(pk, _NOTHING) != there.get(pk, _NOTHING)
    }


def _parts() -> Iterator[tuple[int, int]]:
    """The papers that somebody voted for or wrote about, or of which a tally says so, some at a time: the
    first and the last.
    """
    after = 0
    while part := sorted(_acted(after))[:COUNTED_AT_ONCE]:
        yield part[0], part[-1]
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
        .distinct()[:COUNTED_AT_ONCE]
    }


def _counted(of: Q) -> dict[int, tuple[int, ...]]:
    votes = (
        Vote.objects.filter(of)
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
    written = _said(of).values_list("paper").annotate(Count("pk"))
    talked_of, heard = dict(written), talkers(of)
    return {
        pk: (*voted_for.get(pk, (0, 0, 0, 0)), talked_of.get(pk, 0), heard.get(pk, 0))
        for pk in {*voted_for, *talked_of}
    }


def talkers(of: Q | None = None, *, until: datetime | None = None) -> dict[int, int]:
    """How many people who count wrote what everybody reads of each paper, by a moment or by now."""
    said = _said(of).filter(_heard())
    if until:
        said = said.filter(written_at__lt=until)
    return dict(said.values_list("paper").annotate(Count("person", distinct=True)))


def comments_since(since: datetime) -> dict[int, list[int]]:
    """How many comments each person who counts wrote on each paper since a moment, of what all read."""
    said = _said(None).filter(_heard(), written_at__gte=since)
    found: dict[int, list[int]] = defaultdict(list)
    for paper, _, many in said.values_list("paper", "person").annotate(Count("pk")):
        found[paper].append(many)
    return found


def _said(of: Q | None) -> QuerySet[Comment]:
    """What everybody reads of these papers, or of all."""
    return sight.public().filter(of or Q())


def _heard() -> Q:
    """That somebody who counts wrote it: no program, nobody who is suspended, nobody still to be vouched
    for.
    """
    heard = Q(is_by_agent=False, person__isnull=False, person__suspended_until=None)
    return heard if is_vouched_for_at_once() else heard & Q(person__vouched_at__isnull=False)
