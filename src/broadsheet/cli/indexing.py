"""The command `index`: bring the index up to date, build it anew, say how far it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.progress import Show, progress
from broadsheet.configured import instance

if TYPE_CHECKING:
    from broadsheet.search.status import IndexStatus

# A worker lets go of the index after each slice of its work, so this is long.
WAIT_SECONDS = 120.0


@click.command(epilog="Example: broadsheet index --status")
@click.option("--rebuild", is_flag=True, help="Build the word index anew beside the old one, then use it.")
@click.option("--model", metavar="NAME", help="Embed all papers with this model, then use it.")
@click.option("--status", "only_status", is_flag=True, help="Only say how far the index is.")
@click.option("--json", "as_json", is_flag=True, help="Print the state of the index as JSON.")
def index(rebuild: bool, model: str | None, only_status: bool, as_json: bool) -> None:
    """Bring the search index up to date: words first, then meaning.

    It can be stopped at any time, and takes up its work where it was. Embeddings are never made twice for
    the same text.

    A model is `default`, a folder that holds one in ONNX or as sentence-transformers keep it, or
    `hub:organization/name` on the Hugging Face hub: only then is something downloaded. Until every paper is
    embedded with it, searches use the model before.
    """
    from broadsheet.search.embedding_models.embedding import ModelError
    from broadsheet.search.folder import IndexBusyError, IndexUnwritableError
    from broadsheet.search.indexing import EmptyCatalogueError
    from broadsheet.search.status import read

    if only_status and (rebuild or model is not None):
        raise click.UsageError("--status only looks; leave out --rebuild and --model.")
    if not only_status:
        try:
            if model is not None:
                _change_model(model)
            with progress("papers") as show:
                _bring_up_to_date(show, rebuild=rebuild)
        except (IndexBusyError, IndexUnwritableError, EmptyCatalogueError, ModelError) as problem:
            raise click.ClickException(f"{problem}.") from problem
        except KeyboardInterrupt:
            raise click.ClickException("stopped; run it again to go on from here.") from None
    status = read()
    click.echo(json.dumps(_values(status), indent=2) if as_json else "\n".join(_sentences(status)))


def _change_model(name: str) -> None:

    from broadsheet.search import indexing
    from broadsheet.search.embedding_models.choosing import choose

    downloads = Path(instance().data) / "models"
    indexing.change_model(choose(name, downloads=downloads), wait=WAIT_SECONDS)


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
    # Only now no search reads the embeddings of the model before.
    indexing.mend(wait=WAIT_SECONDS)


def _values(status: IndexStatus) -> dict[str, object]:
    parts = {"coverage": status.coverage, "preparation": status.preparation}
    return {**asdict(status), **{name: round(part, 4) for name, part in parts.items()}}


def _sentences(status: IndexStatus) -> Iterator[str]:
    yield f"Papers in the catalogue: {status.papers:,}"
    if status.words is None:
        yield "Found by words: none, there is no readable word index; run: broadsheet index"
    else:
        yield f"Found by words: {status.words:,} ({status.changes:,} changes waiting)"
    yield f"Found by meaning: {status.embedded:,} ({status.coverage:.1%}; {status.due:,} papers waiting)"
    yield f"Model: {status.model} ({status.model_identity})"
    if status.preparing:
        yield (
            f"Being prepared: {status.preparing} ({status.preparing_identity}),"
            f" {status.prepared:,} papers ({status.preparation:.1%})"
        )
    yield f"Word index in use: {status.current or 'none, CURRENT names no word index'}"
    words, vectors, total = (
        f"{size / 1e6:,.1f} MB" for size in (status.bytes_words, status.bytes_vectors, status.bytes)
    )
    yield f"Size on disk: {total}: words {words}, embeddings {vectors}"
    if status.dead:
        yield f"Embeddings of no use any more: {status.dead:,}; --rebuild gives their room back"
