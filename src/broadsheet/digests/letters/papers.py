"""Papers as parts of mails: each is rendered and encoded once, and joined to thousands of mails."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from broadsheet.configured import instance
from broadsheet.digests.letters.frames import HTML, TEXT, Frame, frame, wrapped
from broadsheet.digests.letters.kept import Kept
from broadsheet.digests.letters.wording import LONGEST_TITLE, line_of, shortened, without_commands
from broadsheet.papers import reading, tables
from broadsheet.papers.pages import page_of, quoted
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.sources import declared
from broadsheet.papers.texts import is_told_by_source

INDENT, LONGEST_SUMMARY = " " * 4, 400


@dataclass(frozen=True, slots=True)
class Encoded:
    """A paper as it stands in each part of a mail, and what subject and preheader need of it."""

    title: str
    point: str
    frames: Mapping[str, Frame]


def _made(pks: Collection[int]) -> dict[int, Encoded]:
    votes = {pk: counted for pk, *_, counted in tables.tallied(pks, "counted_here")}
    return {row.pk: encoded(row, votes.get(row.pk, 0)) for row in reading.rows([*pks])}


def encoded(row: PaperRow, votes: int) -> Encoded:
    """The paper, encoded."""
    title = shortened(without_commands(row.text.title), LONGEST_TITLE) or row.public_id
    point = point_of(row)
    href = instance().site_url + page_of(row.public_id)
    said = {"line": line_of(row, votes), "point": point, "href": href, "name": quoted(row.public_id)}
    frames = {
        HTML: frame(HTML, "paper", title=title, **said),
        TEXT: frame(TEXT, "paper", title=wrapped(title, INDENT).lstrip(), **said),
    }
    return Encoded(title, point, frames)


def point_of(row: PaperRow) -> str:
    """What the paper does, in the words that a card has, and whose they are where not the authors'."""
    shown = row.text
    if is_told_by_source(shown):
        source = declared(shown.summary.source).title
        return f"{shortened(without_commands(shown.summary.text), LONGEST_SUMMARY)} (Summary by {source})"
    said = without_commands(shown.point.text) if shown.point else ""
    return f"{said} (Summary by Broadsheet)" if said and row.is_summary else said


# By their keys; those that are no longer there are left out.
papers = Kept(_made, most=4096)
