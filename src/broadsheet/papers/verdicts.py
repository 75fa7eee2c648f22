"""The word of whoever looks after the catalogue: that papers are one, or are two, whatever the rules say.

A verdict is a row about two names, which outlive every merge, and is handed to `planning.plan`. Of two
that contradict each other the later one counts. Each verb writes it and decides the papers concerned anew, in
one transaction; what is undone stays in the log as withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from broadsheet.papers.catalogue import decide_anew
from broadsheet.papers.identifiers import parse
from broadsheet.papers.models import PaperIdentifier, SourceRecord, Verdict
from broadsheet.papers.naming import RECORD, text_of, text_of_record
from broadsheet.papers.neighbours import papers_of_sides


class VerdictError(Exception):
    """The verdict cannot be given; the message says why in words for whoever gave it."""


@transaction.atomic
def join(left: str, right: str, *, by: str, because: str, now: datetime) -> None:
    """Make the papers of two names one, for good. Raises VerdictError."""
    sides = [_name(text) for text in (left, right)]
    _give(*sides, same=True, by=by, because=because, now=now)
    if _paper(sides[0]) != _paper(sides[1]):
        raise VerdictError(f"{left} and {right} do not become one paper; see what was decided before")


@transaction.atomic
def split(paper: str, parts: Sequence[str], *, by: str, because: str, now: datetime) -> None:
    """Take parts out of a paper, for good: records, as `source:key`, or other names of it.

    The parts are one paper then. Raises VerdictError.
    """
    name = _name(paper)
    sides = [_part(text, _paper(name)) for text in parts]
    for side in sides:
        _give(name, side, same=False, by=by, because=because, now=now)
    for left, right in pairwise(sides):
        _give(left, right, same=True, by=by, because=because, now=now)
    for text, side in zip(parts, sides, strict=True):
        if _paper(side) == _paper(name):
            raise VerdictError(
                f"{text} is what makes the paper known as {paper}; split off its other records instead"
            )


@transaction.atomic
def undo(left: str, right: str, *, same: bool, now: datetime) -> None:
    """Withdraw the verdicts that the two are one paper, or are two. Raises VerdictError if there are none."""
    here, there = _sides(left), _sides(right)
    verdicts = Verdict.objects.filter(withdrawn_at=None, same=same).filter(
        Q(left__in=here, right__in=there) | Q(left__in=there, right__in=here)
    )
    concerned = {side for verdict in verdicts for side in (verdict.left, verdict.right)}
    if not verdicts.update(withdrawn_at=now):
        raise VerdictError(f"nobody decided that {left} and {right} are {'one paper' if same else 'two'}")
    decide_anew(papers_of_sides(concerned), now=now)


def _give(left: str, right: str, *, same: bool, by: str, because: str, now: datetime) -> None:
    if left == right:
        raise VerdictError(f"{left} is one and the same")
    Verdict.objects.create(left=left, right=right, same=same, by=by, because=because, at=now)
    decide_anew(papers_of_sides([left, right]), now=now)


def _name(text: str) -> str:
    """A name of a paper that is here, as verdicts write it."""
    identifier = parse(text)
    if identifier is None or _paper(text_of(identifier)) is None:
        raise VerdictError(f"there is no paper {text} here")
    return text_of(identifier)


def _part(text: str, paper: int | None) -> str:
    """A record of the paper or another name of it, as verdicts write it."""
    source, _, key = text.partition(":")
    record = text_of_record((source, key))
    side = record if _paper(record) is not None else _name(text)
    if _paper(side) != paper:
        raise VerdictError(f"{text} is no record and no name of that paper")
    return side


def _paper(side: str) -> int | None:
    """The key of the paper that has this record or this name."""
    scheme, _, rest = side.partition(":")
    if scheme == RECORD:
        source, _, key = rest.partition(":")
        records = SourceRecord.objects.filter(source=source, key=key)
        return records.values_list("paper_id", flat=True).first()
    names = PaperIdentifier.objects.filter(scheme=scheme, value=rest)
    return names.values_list("paper_id", flat=True).first()


def _sides(text: str) -> list[str]:
    """All that a text may stand for in a verdict."""
    source, _, key = text.partition(":")
    identifier = parse(text)
    return [text_of_record((source, key)), *([text_of(identifier)] if identifier else [])]
