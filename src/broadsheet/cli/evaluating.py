"""The command `evaluate`: how good search is on test sets that people judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli.progress import Show, progress

if TYPE_CHECKING:
    from broadsheet.search.evaluating.evaluation import Evaluation
    from broadsheet.search.evaluating.judged import JudgedSet

# Wide enough for seven sets where the output is a file; a terminal's own width counts there.
WIDTH = 160


@click.command(epilog="Example: broadsheet evaluate judged/scifact judged/ours --json")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--split", default="test", show_default=True, help="The judgements to use: qrels/<split>.tsv.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON, those of each query too.")
def evaluate(folders: tuple[Path, ...], split: str, as_json: bool) -> None:
    """Measure search on test sets in BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv.

    Each set is indexed in a folder of its own, with the model that the site uses; the catalogue is not
    touched. Texts are embedded once and kept. Figures are means over the judged queries, with the
    interval that holds the true mean with 95 % confidence.
    """
    from broadsheet.search.embedding_models.embedding import ModelError
    from broadsheet.search.evaluating import evaluation
    from broadsheet.search.folder import IndexBusyError

    sets = _read(folders, split)
    try:
        with progress("") as show:
            found = [evaluation.evaluate(judged, progress=_part(judged, show)) for judged in sets]
    except (IndexBusyError, ModelError) as problem:
        raise click.ClickException(f"{problem}.") from problem
    except KeyboardInterrupt:
        raise click.ClickException("stopped; run it again to go on from here.") from None
    values = _values(found)
    if as_json:
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
    else:
        _show(values)


def _read(folders: Sequence[Path], split: str) -> list[JudgedSet]:
    """All sets, or what is wrong with each that cannot be used, before hours go into the others."""
    from broadsheet.search.evaluating import judged

    sets, problems = [], []
    for folder in folders:
        try:
            sets.append(judged.read(folder, split=split))
        except judged.JudgedSetError as problem:
            problems.append(f"{problem}.")
    if problems:
        raise click.ClickException("\n".join(problems))
    return sets


def _part(judged: JudgedSet, show: Show) -> Show:
    return lambda name, done, total: show(f"{judged.name}, {name}", done, total)


def _values(found: Sequence[Evaluation]) -> dict[str, Any]:
    sets = [_set(one) for one in found]
    rows = sets[0]["results"]
    mean = {
        row: {name: fmean(one["results"][row][name]["mean"] for one in sets) for name in rows[row]}
        for row in rows
    }
    return {"sets": sets, "mean": mean}


def _set(found: Evaluation) -> dict[str, Any]:
    from broadsheet.search.evaluating.measures import MEASURES

    judged = found.judged
    return {
        "name": judged.name,
        "folder": str(judged.folder),
        "model": found.model,
        "documents": len(judged.documents),
        "queries": len(judged.questions),
        "judgements": sum(map(len, judged.grades.values())),
        "notes": judged.notes,
        "results": {
            row: {measure: asdict(one) for measure, one in of.items()} for row, of in found.results().items()
        },
        "per_query": [
            {"query": query}
            | {
                engine: dict(zip(MEASURES, figures[:, column].tolist(), strict=True))
                for engine, figures in found.figures.items()
            }
            for column, query in enumerate(judged.questions)
        ],
    }


def _show(values: dict[str, Any]) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    sets, mean = values["sets"], values["mean"]
    for one in sets:
        console.print("\n".join(_about(one)))
    if len(sets) == 1:
        rows = {row: [_cell(row, one) for one in of.values()] for row, of in sets[0]["results"].items()}
        console.print(_table("", list(mean["fused"]), rows))
        return
    for measure in mean["fused"]:
        rows = {row: [_cell(row, one["results"][row][measure]) for one in sets] for row in mean}
        for row, cells in rows.items():
            cells.append(_signed(row, mean[row][measure]))
        console.print(_table(measure, [*(one["name"] for one in sets), "mean"], rows))


def _about(one: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{one['name']}: {one['documents']:,} documents, {one['queries']:,} queries,"
        f" {one['judgements']:,} judgements; model {one['model']}"
    )
    for note in one["notes"]:
        yield f"note: {note}"


def _table(title: str, columns: list[str], rows: dict[str, list[str]]) -> Table:
    table = Table("", *columns, title=title or None, title_justify="left", show_lines=True)
    for row, cells in rows.items():
        table.add_row(row, *cells)
    return table


def _cell(row: str, one: dict[str, Any]) -> str:
    """The mean and its interval; for a difference, for how many queries it is one."""
    mean, low, high = (_signed(row, one[name]) for name in ("mean", "low", "high"))
    queries = (
        f"\n{one['better']} better, {one['worse']} worse, {one['equal']} equal" if "better" in one else ""
    )
    return f"{mean}\n{low} to {high}{queries}"


def _signed(row: str, value: float) -> str:
    return f"{value:+.3f}" if " - " in row else f"{value:.3f}"
