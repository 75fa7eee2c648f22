"""The command `index`: bring the index up to date, build it anew, say how far it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from broadsheet.cli.progress import Show, progress

if TYPE_CHECKING:
    from broadsheet.search.status import IndexStatus

# A worker lets go of the index after each slice of its work, so this is long.
WAIT_SECONDS = 120.0


@click.command(epilog="Example: broadsheet index --status")
@click.option("--rebuild", is_flag=True, help="Build the word index anew beside the old one, then use it.")
@click.option("--status", "only_status", is_flag=True, help="Only say how far the index is.")
@click.option("--json", "as_json", is_flag=True, help="Print the state of the index as JSON.")
def index(rebuild: bool, only_status: bool, as_json: bool) -> None:
    """Bring the search index up to date: words first, then meaning.

    It can be stopped at any time, and takes up its work where it was. Embeddings are never made twice for
    the same text.
    """
    from broadsheet.search.embedding import ModelError
    from broadsheet.search.folder import IndexBusyError
    from broadsheet.search.status import read

    if not only_status:
        try:
            with progress("papers") as show:
                _bring_up_to_date(show, rebuild=rebuild)
        except (IndexBusyError, ModelError) as problem:
            raise click.ClickException(f"{problem}.") from problem
        except KeyboardInterrupt:
            raise click.ClickException("stopped; run it again to go on from here.") from None
    status = read()
    click.echo(json.dumps(_values(status), indent=2) if as_json else "\n".join(_sentences(status)))


def _bring_up_to_date(show: Show, *, rebuild: bool) -> None:
    from broadsheet.papers.models import Change, Paper
    from broadsheet.search import indexing
    from broadsheet.search.models import EmbeddingDue

    def shown(name: str, left: int) -> None:
        papers = Paper.objects.count()
        show(name, max(0, papers - left), papers)

    if rebuild:
        indexing.rebuild(progress=lambda done, total: show("words", done, total), wait=WAIT_SECONDS)
    indexing.mend(wait=WAIT_SECONDS)
    while indexing.is_work_left():
        if indexing.catch_up(wait=WAIT_SECONDS):
            shown("words", Change.objects.count())
        elif indexing.embed_due(wait=WAIT_SECONDS):
            shown("meaning", EmbeddingDue.objects.count())


def _values(status: IndexStatus) -> dict[str, object]:
    return {**asdict(status), "coverage": round(status.coverage, 4)}


def _sentences(status: IndexStatus) -> Iterator[str]:
    yield f"Papers in the catalogue: {status.papers:,}"
    if status.words is None:
        yield "Found by words: none, there is no readable word index; run: broadsheet index"
    else:
        yield f"Found by words: {status.words:,} ({status.changes:,} changes waiting)"
    yield f"Found by meaning: {status.embedded:,} ({status.coverage:.1%}; {status.due:,} papers waiting)"
    yield f"Model: {status.model} ({status.model_identity})"
    yield f"Size on disk: {status.bytes / 1e6:,.1f} MB"
