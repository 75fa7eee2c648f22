"""The papers of an edition in other orders than its own: by who talks about them, or how few found them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from broadsheet.daily.entries import EVERYTHING, Row, Run, Span, of_rows
from broadsheet.papers.models import Tally

DISCUSSED, UNDISCOVERED = "discussed", "undiscovered"
# What people here said and voted, and the stars of the code.
COLUMNS = ("talkers", "comments_here", "counted_here", "stars")
NOTHING = (0, 0, 0, 0)


def reordered(run: Run, order: str) -> Run:
    """The rows of an edition, those first that most people here talk about, or that have the fewest votes
    here and of these the most stars; what is alike stays in the order of the edition.
    """
    key_of = _KEYS[order]

    def read(span: Span) -> tuple[list[Row], int]:
        rows, _ = run(Span(EVERYTHING))
        counts = _counts([row.pk for row in rows])
        keyed = (row.after(*key_of(*counts.get(row.pk, NOTHING))) for row in rows)
        return of_rows(sorted(keyed, key=lambda row: row.key))(span)

    return read


def _counts(papers: Collection[int]) -> Mapping[int, tuple[int, int, int, int]]:
    found = Tally.objects.filter(paper__in=papers).values_list("paper", *COLUMNS)
    return {pk: (talkers, comments, votes, stars) for pk, talkers, comments, votes, stars in found}


def _by_talk(talkers: int, comments: int, _votes: int, _stars: int) -> tuple[float, ...]:
    return -talkers, -comments


def _by_lack_of_votes(_talkers: int, _comments: int, votes: int, stars: int) -> tuple[float, ...]:
    return votes, -stars


_KEYS: Mapping[str, Callable[[int, int, int, int], tuple[float, ...]]] = {
    DISCUSSED: _by_talk,
    UNDISCOVERED: _by_lack_of_votes,
}
