"""What a search found, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

import orjson
from markupsafe import escape

from broadsheet.papers.reading import PaperRow
from broadsheet.search import answering
from broadsheet.search.answering import Answer, FoundPaper
from broadsheet.search.explaining import Matcher, excerpt, shares
from broadsheet.search.finding import SearchResult
from broadsheet.search.fusion import Hit
from broadsheet.search.suggesting import Help

AUTHORS_SHOWN = 3
INDENT, WIDTH = " " * 5, 100
BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"


def result_lines(result: SearchResult, *, explain: bool) -> Iterator[str]:
    """What is printed of a search: notes, papers with their excerpts, what else can be asked, the total."""
    if result.unknown:
        yield f"note: {result.unknown.public_id} is not in this catalogue."
    yield from (f"note: {note}" for note in result.notes)
    matcher = Matcher(result.asked)
    for place, (hit, row) in enumerate(_with_rows(result.hits), start=1):
        yield from _heading(place, row)
        if not hit.is_match:
            yield f"{INDENT}({hit.closeness(result.floor)})"
        if row.abstract:
            yield _bold(row, matcher)
        if explain:
            yield f"{INDENT}{_explanation(hit, result.floor)}"
        if hit.folded:
            yield f"{INDENT}and {len(hit.folded)} nearly the same"
    yield from (f"Narrow to: {sense.name} ({len(sense.papers):,})" for sense in result.senses)
    yield from _advice(result.help)
    yield _total(result)


def similar_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """What is printed of papers like others."""
    for place, (_, row) in enumerate(_with_rows(hits), start=1):
        yield from _heading(place, row)
    if not hits:
        yield "No similar paper found."


def as_json(found: Answer | list[FoundPaper]) -> str:
    """What was found as JSON, indented for people."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()


def _with_rows(hits: Sequence[Hit]) -> list[tuple[Hit, PaperRow]]:
    rows = answering.rows_of(hits)
    return [(hit, rows[hit.paper_pk]) for hit in hits if hit.paper_pk in rows]


def _heading(place: int, row: PaperRow) -> Iterator[str]:
    yield f"{place:>3}. {_title(row)}"
    yield f"{INDENT}{', '.join(filter(None, (row.public_id, _authors(row), _day(row))))}"


def _title(row: PaperRow) -> str:
    return row.text.title + (f" [{row.standing}]" if row.standing else "")


def _authors(row: PaperRow) -> str:
    names = [author.name for author in row.authors[:AUTHORS_SHOWN]]
    more = (row.author_count or len(names)) > len(names)
    if not names:
        count = row.author_count or 0
        return f"{count} author{'s' if count > 1 else ''}" if count else ""
    return ", ".join(names) + (" and others" if more else "")


def _day(row: PaperRow) -> str:
    return str(row.published or "")


def _bold(row: PaperRow, matcher: Matcher) -> str:
    """The excerpt of the abstract with what matched in bold; a pipe gets it without."""
    lines = fill(excerpt(row.text.abstract, matcher), WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return matcher.mark(escape(lines)).replace("<mark>", BOLD).replace("</mark>", NOT_BOLD).unescape()


def _explanation(hit: Hit, floor: float) -> str:
    share = shares(hit)
    parts = [
        f"{name} {part:.0%}: rank {found.rank}, score {found.score:.3f}"
        for name, part, found in (("words", share.words, hit.words), ("meaning", share.meaning, hit.meaning))
        if found
    ]
    if not hit.is_match and hit.meaning:
        parts.append(f"close from {floor:.2f}")
    if hit.neighbours is not None:
        parts.append(f"papers like it: {hit.neighbours:.3f}")
    return f"score {hit.score:.5f} ({'; '.join(parts)})" if parts else "not ranked"


def _advice(advice: Help) -> Iterator[str]:
    if advice.spelled:
        yield f"Did you mean: {advice.spelled}"
    yield from (f"A broader search: {one.query} ({one.total:,})" for one in advice.loosened)
    for _, row in _with_rows(advice.closest):
        yield f"Close: {_title(row)} ({row.public_id})"


def _total(result: SearchResult) -> str:
    if not result.shown:
        return "No paper found."
    found = f"{result.total:,} paper{'s' if result.total > 1 else ''}"
    if not result.close:
        return f"{found} found."
    close = f"{'the ' if result.is_cut else ''}{result.close:,} {result.close_are}."
    return f"{found} with these words, {close}" if result.total else f"No paper with these words, {close}"
