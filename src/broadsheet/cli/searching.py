"""The commands `search` and `similar`: what the pages find, on a terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from broadsheet.papers.reading import PaperRow
    from broadsheet.search.explaining import Matcher
    from broadsheet.search.finding import Order, SearchResult
    from broadsheet.search.fusion import Found, Hit

AUTHORS_SHOWN = 3
INDENT, WIDTH = " " * 5, 100
BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"
ORDERS = ("relevance", "date", "votes", "comments")

limited = click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many papers to show."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(epilog='Example: broadsheet search "training divergence" year:2024.. --limit 5 --explain')
@click.argument("query", nargs=-1, required=True)
@limited
@click.option(
    "--sort", default=ORDERS[0], show_default=True, type=click.Choice(ORDERS), help="The order of the papers."
)
@click.option("--explain", is_flag=True, help="Show the numbers behind each place.")
@as_json
def search(query: tuple[str, ...], limit: int, sort: Order, explain: bool, as_json: bool) -> None:
    """Search the papers by words and by meaning.

    The query may hold "words in quotes", -word (after --), OR, and fields: title: abstract: author: org:
    cat: id: source: has: year: date: votes: comments:. An identifier or the address of a paper finds it.
    """
    from broadsheet.search import finding

    result = finding.find(" ".join(query), limit=limit, sort=sort)
    if as_json:
        click.echo(json.dumps(_values(result), indent=2, ensure_ascii=False))
        return
    for line in _lines(result, explain=explain):
        click.echo(line)


@click.command(epilog="Example: broadsheet similar 1706.03762 2410.05258 --not 1512.03385")
@click.argument("papers", nargs=-1, required=True, metavar="ID...")
@click.option("--not", "unlike", multiple=True, metavar="ID", help="A paper that they shall be unlike.")
@limited
@as_json
def similar(papers: tuple[str, ...], unlike: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show the papers most like one, or like several and unlike others."""
    from broadsheet.search import finding

    liked, disliked = [_known(name) for name in papers], [_known(name) for name in unlike]
    found = _with_rows(finding.similar(liked, unlike=disliked, limit=limit))
    if as_json:
        click.echo(json.dumps([_paper(hit, row) for hit, row in found], indent=2, ensure_ascii=False))
        return
    for place, (_, row) in enumerate(found, start=1):
        click.echo("\n".join(_heading(place, row)))
    if not found:
        click.echo("No similar paper found.")


def _known(name: str) -> int:
    from broadsheet.papers import reading

    known = reading.resolve(name)
    if known is None:
        raise click.ClickException(f"no paper here is known as {name}")
    return known[0]


def _with_rows(hits: Sequence[Hit]) -> list[tuple[Hit, PaperRow]]:
    from broadsheet.papers import reading

    rows = {row.pk: row for row in reading.rows([hit.paper_pk for hit in hits])}
    return [(hit, rows[hit.paper_pk]) for hit in hits if hit.paper_pk in rows]


def _lines(result: SearchResult, *, explain: bool) -> Iterator[str]:
    from broadsheet.search.explaining import Matcher

    if result.unknown:
        yield f"note: {result.unknown.public_id} is not in this catalogue."
    for note in result.notes:
        yield f"note: {note}"
    matcher = Matcher(result.asked)
    for place, (hit, row) in enumerate(_with_rows(result.hits), start=1):
        yield from _heading(place, row)
        if row.abstract:
            yield _bold(row, matcher)
        if explain:
            yield f"{INDENT}{_explanation(hit)}"
        if hit.folded:
            yield f"{INDENT}and {len(hit.folded)} nearly the same"
    yield from _ending(result)


def _ending(result: SearchResult) -> Iterator[str]:
    if not result.total:
        yield "No paper found."
    elif 0 < result.by_words < result.total:
        yield f"{result.total:,} papers found: {result.by_words:,} by words, the others by meaning alone."
    else:
        yield f"{result.total:,} papers found."


def _heading(place: int, row: PaperRow) -> list[str]:
    from broadsheet.papers.text import plain

    return [
        f"{place:>3}. {plain(row.title)}",
        f"{INDENT}{', '.join(filter(None, (row.public_id, _authors(row), _day(row))))}",
    ]


def _bold(row: PaperRow, matcher: Matcher) -> str:
    """The excerpt of the abstract with what matched in bold; a pipe gets it without."""
    from markupsafe import escape

    lines = fill(_excerpt(row, matcher), WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    marked = matcher.mark(escape(lines))
    return marked.replace("<mark>", BOLD).replace("</mark>", NOT_BOLD).unescape()


def _excerpt(row: PaperRow, matcher: Matcher) -> str:
    from broadsheet.papers.text import plain
    from broadsheet.search.explaining import excerpt

    return excerpt(plain(row.abstract), matcher)


def _authors(row: PaperRow) -> str:
    names = [author.name for author in row.authors[:AUTHORS_SHOWN]]
    more = (row.author_count or len(names)) > len(names)
    if not names:
        return f"{row.author_count} authors" if row.author_count else ""
    return ", ".join(names) + (" and others" if more else "")


def _day(row: PaperRow) -> str:
    return row.published_at.date().isoformat() if row.published_at else ""


def _explanation(hit: Hit) -> str:
    from broadsheet.search.explaining import shares

    share = shares(hit)
    parts = [
        f"{name} {part:.0%}: rank {found.rank}, score {found.score:.3f}"
        for name, part, found in (("words", share.words, hit.words), ("meaning", share.meaning, hit.meaning))
        if found
    ]
    if hit.neighbours is not None:
        parts.append(f"papers like it: {hit.neighbours:.3f}")
    return f"score {hit.score:.5f} ({'; '.join(parts)})" if parts else "not ranked"


def _values(result: SearchResult) -> dict[str, Any]:
    from broadsheet.search.explaining import Matcher

    matcher = Matcher(result.asked)
    return {
        "query": result.asked.typed,
        "total": result.total,
        "by_words": result.by_words,
        "notes": list(result.notes),
        "coverage": round(result.coverage, 4),
        "papers": [_found(hit, row, matcher) for hit, row in _with_rows(result.hits)],
        "facets": {facet.field: {each.value: each.count for each in facet.values} for facet in result.facets},
    }


def _found(hit: Hit, row: PaperRow, matcher: Matcher) -> dict[str, Any]:
    from broadsheet.search.explaining import shares

    share = shares(hit)
    return {
        **_paper(hit, row),
        "excerpt": _excerpt(row, matcher),
        "words": _part(hit.words, share.words),
        "meaning": _part(hit.meaning, share.meaning),
        "nearly_the_same": len(hit.folded),
    }


def _paper(hit: Hit, row: PaperRow) -> dict[str, Any]:
    from broadsheet.papers.text import plain

    return {
        "id": row.public_id,
        "title": plain(row.title),
        "published": _day(row) or None,
        "score": hit.score,
    }


def _part(found: Found | None, share: float) -> dict[str, float] | None:
    return {"rank": found.rank, "score": found.score, "share": share} if found else None
