"""Commands that bring papers in and take them out: import, export."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.configured import instance
from broadsheet.sources.formats import FORMATS

if TYPE_CHECKING:
    from broadsheet.sources.importing import ImportReport
    from broadsheet.sources.importing import Progress as Step

REFUSALS_SHOWN = 20
RECORDS_BETWEEN_LINES = 10_000


@click.command("import", epilog="Example: broadsheet import snapshot.json.gz pages/ --page-year 2025")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
)
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)), help="Read every file as this format."
)
@click.option(
    "--page-year", type=click.IntRange(1990, 2200), help="The year in which saved pages were saved."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with every refusal.")
def import_(files: tuple[Path, ...], format_name: str | None, page_year: int | None, as_json: bool) -> None:
    """Import files and folders; - is standard input.

    The format is recognised by the content: saved Daily Papers pages (text or HTML); JSON of Daily Papers,
    OpenReview, OpenAlex, bioRxiv, Crossref and DataCite; arXiv's metadata snapshots and API answers; ACL
    Anthology XML; BibTeX, RIS, CSL JSON, PubMed and Web of Science; our own export; each of them plain, gzip
    or zstd. A record that cannot be used is refused and the rest
    goes in. Importing something again changes nothing.

    The exit code is 1 if a file was refused or broke off, or if every record was refused.
    """
    from broadsheet.sources.importing import import_files

    # Records hold no cycles: looking for some would take an eighth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    with _progress() as show:
        report = import_files(
            files, now=datetime.now(UTC), format_name=format_name, page_year=page_year, progress=show
        )
    if report.new or report.updated or report.merged:
        from broadsheet.jobs.wake import wake

        wake("make_texts")
        wake("index")
    click.echo(json.dumps(asdict(report), indent=2) if as_json else "\n".join(_sentences(report)))
    sys.exit(0 if report.is_done else 1)


@click.command(epilog="Example: broadsheet export papers.jsonl.zst")
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the public catalogue as JSON Lines; - is standard output.

    A name ending in .gz or .zst is compressed. `broadsheet import` reads it back, with all that each
    source said. The file appears when it is complete.
    """
    from broadsheet.papers.catalogue import export_rows
    from broadsheet.papers.name_words import every_word
    from broadsheet.sources.outgoing.export import lines, write

    content = lines(export_rows(), every_word(), exported_at=datetime.now(UTC))
    try:
        if str(file) == "-":
            sys.stdout.buffer.writelines(content)
            sys.stdout.flush()
        else:
            write(file, content)
    except BrokenPipeError:
        raise  # whoever reads has enough
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be written ({problem.strerror}).") from problem


@click.command(epilog="Example: broadsheet dump /srv/dumps")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
def dump(folder: Path | None) -> None:
    """Write a public dump of the catalogue: our export, a SQLite file, their description and checksums.

    It becomes a folder in DIR (default: public in the data folder), named by the time, and appears when it is
    complete; the one before stays too, older ones go. BROADSHEET_DUMP=true writes one each week.
    """
    from broadsheet.sources.outgoing import dumping

    folder = folder or instance().data / dumping.FOLDER
    try:
        written = dumping.dump(folder, now=datetime.now(UTC))
    except dumping.DumpBusyError as problem:
        raise click.ClickException(f"Nothing was written: {problem}.") from problem
    except OSError as problem:
        raise click.ClickException(f"{folder} cannot be written ({problem.strerror}).") from problem
    click.echo(written.path)


@contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    name, read = TextColumn("{task.description}", markup=False), TextColumn("{task.fields[read]:,} records")
    with Progress(name, BarColumn(), read, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, read=0)
        yield lambda step: bar.update(
            task,
            description=Path(step.file).name,
            completed=step.bytes_read,
            total=step.bytes_total or None,
            read=step.read,
        )


def _lines() -> Callable[[Step], None]:
    next_line = RECORDS_BETWEEN_LINES

    def show(step: Step) -> None:
        nonlocal next_line
        if step.read >= next_line:
            click.echo(f"{step.file}: {step.read:,} records read", err=True)
            next_line = step.read + RECORDS_BETWEEN_LINES

    return show


def _sentences(report: ImportReport) -> Iterator[str]:
    for remark in report.remarks:
        yield f"note: {remark.file}: {remark.text}"
    for refusal in report.refusals[:REFUSALS_SHOWN]:
        yield f"refused: {refusal.file}, {refusal.place}: {refusal.reason}"
    if report.refused > REFUSALS_SHOWN:
        yield f"refused: and {report.refused - REFUSALS_SHOWN:,} more; --json lists them"
    for failure in report.failures:
        yield f"failed: {failure.file}: {failure.text}"
    if report.passed_by:
        yield f"Passed by: {report.passed_by} in folders that are hidden or no files."
    yield (
        f"Read {report.read:,}: new {report.new:,}, updated {report.updated:,},"
        f" unchanged {report.unchanged:,}, merged {report.merged:,}, refused {report.refused:,}."
    )
