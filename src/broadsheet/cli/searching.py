"""The commands `search` and `similar`: what the pages find, on a terminal or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from broadsheet.search.finding import Order

Command = TypeVar("Command", bound=Callable[..., Any])
ORDERS = ("relevance", "date", "votes", "comments")


def limited(most: int) -> Callable[[Command], Command]:
    """The option that says how many papers are shown."""
    return click.option(
        "--limit",
        default=10,
        show_default=True,
        type=click.IntRange(1, most),
        help="How many papers to show.",
    )


printed_as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(epilog='Example: broadsheet search "training divergence" year:2024.. --limit 5 --explain')
@click.argument("query", nargs=-1, required=True)
@limited(1000)
@click.option(
    "--sort", default=ORDERS[0], show_default=True, type=click.Choice(ORDERS), help="The order of the papers."
)
@click.option("--sense", default="", help="Only papers of one of the senses that the search offers.")
@click.option("--explain", is_flag=True, help="Show the numbers behind each place.")
@printed_as_json
def search(
    query: tuple[str, ...], *, limit: int, sort: Order, sense: str, explain: bool, as_json: bool
) -> None:
    """Search the papers by words and by meaning.

    The query may hold "words in quotes", -word (after --), OR, and fields: title: abstract: author: org:
    cat: id: source: has: year: date: votes: comments:. An identifier or the address of a paper finds it.
    """
    from broadsheet.accounts import owner
    from broadsheet.accounts.access import Viewer
    from broadsheet.cli import findings
    from broadsheet.daily import lists
    from broadsheet.daily.entries import ListName, Part
    from broadsheet.search import answering

    wanted = ListName("search", " ".join(query), sort, sense=sense)
    viewer = Viewer(owner.reader())
    result, hidden = lists.answers(wanted, viewer, Part(limit), today=datetime.now(UTC).date())
    _say_hidden(hidden)
    if as_json:
        click.echo(findings.as_json(answering.answer(result, hidden)))
        return
    for line in findings.result_lines(result, explain=explain):
        click.echo(line)


@click.command(epilog="Example: broadsheet similar 1706.03762 2410.05258 --not 1512.03385")
@click.argument("papers", nargs=-1, required=True, metavar="ID...")
@click.option("--not", "unlike", multiple=True, metavar="ID", help="A paper that they shall be unlike.")
@limited(200)
@printed_as_json
def similar(papers: tuple[str, ...], unlike: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show the papers most like one, or like several and unlike others."""
    from broadsheet.accounts import owner
    from broadsheet.accounts.access import Viewer
    from broadsheet.cli import findings
    from broadsheet.daily import lists
    from broadsheet.daily.entries import ListName, Part, UnknownListError
    from broadsheet.search import answering
    from broadsheet.search.explaining import Matcher
    from broadsheet.search.query.language import Query

    wanted = ListName("similar", papers[0], like=papers[1:], unlike=unlike)
    try:
        viewer, part = Viewer(owner.reader()), Part(limit=limit)
        found = lists.read(wanted, viewer, part, today=datetime.now(UTC).date())
    except UnknownListError as problem:
        raise click.ClickException(str(problem)) from problem
    _say_hidden(found.hidden)
    hits = [one.hit for one in found.entries if one.hit]
    if as_json:
        click.echo(findings.as_json(answering.papers(hits, Matcher(Query()))))
        return
    for line in findings.similar_lines(hits):
        click.echo(line)


def _say_hidden(hidden: int) -> None:
    """Say beside the papers how many the only reader of this site leaves out."""
    if hidden:
        click.echo(f"Papers hidden by what you leave out: {hidden}.", err=True)
