"""The command `search`: the same search as the page, on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from broadsheet.papers.reading import PaperRow
    from broadsheet.search.finding import Found, Hit, SearchResult

AUTHORS_SHOWN = 3


@click.command(epilog='Example: broadsheet search "training divergence" --limit 5 --explain')
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many papers to show."
)
@click.option("--explain", is_flag=True, help="Show how each paper came to its place.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def search(query: tuple[str, ...], limit: int, explain: bool, as_json: bool) -> None:
    """Search the papers by words and by meaning.

    "Words in quotes" must stand in this order, -word (after --) leaves papers out; an identifier or the
    address of a paper finds it.
    """
    from broadsheet.papers import reading
    from broadsheet.search import finding

    result = finding.find(" ".join(query), limit=limit)
    rows = {row.pk: row for row in reading.rows([hit.paper_pk for hit in result.hits])}
    found = [(hit, rows[hit.paper_pk]) for hit in result.hits if hit.paper_pk in rows]
    if as_json:
        click.echo(json.dumps(_values(result, found), indent=2, ensure_ascii=False))
        return
    for line in _lines(result, found, explain=explain):
        click.echo(line)


def _lines(result: SearchResult, found: list[tuple[Hit, PaperRow]], *, explain: bool) -> Iterator[str]:
    from broadsheet.papers.text import plain

    for note in result.notes:
        yield f"note: {note}"
    for place, (hit, row) in enumerate(found, start=1):
        yield f"{place:>3}. {plain(row.title)}"
        yield f"     {', '.join(filter(None, (row.public_id, _authors(row), _day(row))))}"
        if explain:
            yield f"     {_explanation(hit)}"
    if not result.total:
        yield "No paper found."
    elif 0 < result.by_words < result.total:
        yield f"{result.total:,} papers found: {result.by_words:,} by words, the others by meaning alone."
    else:
        yield f"{result.total:,} papers found."


def _authors(row: PaperRow) -> str:
    names = [author.name for author in row.authors[:AUTHORS_SHOWN]]
    more = (row.author_count or len(names)) > len(names)
    if not names:
        return f"{row.author_count} authors" if row.author_count else ""
    return ", ".join(names) + (" and others" if more else "")


def _day(row: PaperRow) -> str:
    return row.published_at.date().isoformat() if row.published_at else ""


def _explanation(hit: Hit) -> str:
    parts = [
        f"{name}: rank {found.rank}, score {found.score:.3f}"
        for name, found in (("words", hit.words), ("meaning", hit.meaning))
        if found
    ]
    if not parts:
        return "named by the query" if hit.score else "newest first"
    return f"score {hit.score:.5f} ({'; '.join(parts)})"


def _values(result: SearchResult, found: list[tuple[Hit, PaperRow]]) -> dict[str, Any]:
    from broadsheet.papers.text import plain

    return {
        "total": result.total,
        "by_words": result.by_words,
        "notes": list(result.notes),
        "coverage": round(result.coverage, 4),
        "papers": [
            {
                "id": row.public_id,
                "title": plain(row.title),
                "published": _day(row) or None,
                "score": hit.score,
                "words": _part(hit.words),
                "meaning": _part(hit.meaning),
            }
            for hit, row in found
        ],
    }


def _part(found: Found | None) -> dict[str, float] | None:
    return {"rank": found.rank, "score": found.score} if found else None
