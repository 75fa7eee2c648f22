"""Commands that bring a reader's library in and take it out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from broadsheet.sources.library_formats import FORMATS

if TYPE_CHECKING:
    from broadsheet.accounts.access import Viewer
    from broadsheet.library.brought import Report

REFUSALS_SHOWN = 20
STATES = ("to_read", "reading", "read", "set_aside")
FORMS = ("bib", "ris", "csl.json", "md", "json")


@click.group()
def library() -> None:
    """A reader's library: bring one in from a file, take it out to one."""


@library.command("import", epilog="Example: broadsheet library import ada zotero.rdf --state read --dry-run")
@click.argument("reader")
@click.argument("file", type=click.File("rb"))
@click.option("--state", type=click.Choice(STATES), default="to_read", help="For papers without one.")
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), help="Read it as this format.")
@click.option("--only-known", is_flag=True, help="Add nothing to the catalogue.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with every entry.")
def import_(
    reader: str,
    file: BinaryIO,
    *,
    state: str,
    format_name: str | None,
    only_known: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in a library: BibTeX, RIS, CSL JSON, Zotero RDF or CSV, bookmarks, likes or collections of
    Hugging Face, a list of identifiers and addresses, or what `library export` wrote; - is standard input.

    READER is a handle. To bring it in again changes nothing. The exit code is 1 if nothing could be used.
    """
    from broadsheet.accounts.access import NotAllowedError
    from broadsheet.accounts.limits import TakenTooMuchError
    from broadsheet.http.having_fetched import wake_after_import
    from broadsheet.library import bringing
    from broadsheet.library.acting import GoneError
    from broadsheet.library.brought import BringingError, Wish
    from broadsheet.library.notes import NoteError
    from broadsheet.library.saving import SavingError

    wish = Wish(state, format_name or "", adds=not only_known)
    try:
        report = bringing.bring(_viewer(reader), file.read(), wish, dry_run=dry_run, now=datetime.now(UTC))
    except (BringingError, SavingError, NoteError, GoneError, NotAllowedError, TakenTooMuchError) as problem:
        raise click.ClickException(str(problem)) from problem
    wake_after_import(report)
    click.echo(json.dumps(asdict(report), indent=2) if as_json else _sentences(report))
    counts = _counts(report)
    sys.exit(0 if sum(counts.values()) > counts["refused"] else 1)


@library.command("export", epilog="Example: broadsheet library export ada library.bib --only tag:tides")
@click.argument("reader")
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False, path_type=Path))
@click.option("--as", "form", type=click.Choice(FORMS), help="Its form, where the name does not end so.")
@click.option("--only", "query", default="", help="Only what this search in it finds: tag:tides state:read.")
def export(reader: str, file: Path, form: str | None, query: str) -> None:
    """Write a library as .bib, .ris, .csl.json, .md or .json; - is standard output.

    READER is a handle. JSON holds all of it, and brings it in again as it was.
    """
    from broadsheet.daily import taking_out
    from broadsheet.search.word_index.lexical import WordIndexError

    form = form or next((one for one in FORMS if file.name.endswith(f".{one}")), None)
    if form is None:
        raise click.UsageError(f"Say with --as what it is to be: {', '.join(FORMS)}.")
    try:
        content = taking_out.take(_viewer(reader), form, query, now=datetime.now(UTC))
    except WordIndexError as problem:
        raise click.ClickException(str(problem)) from problem
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        file.write_bytes(content)
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be written ({problem.strerror}).") from problem


def _viewer(handle: str) -> Viewer:
    from broadsheet.accounts import managing
    from broadsheet.accounts.access import Viewer

    try:
        return Viewer(managing.find(handle), via="cli")
    except managing.NoSuchPersonError as problem:
        raise click.ClickException(str(problem)) from problem


def _counts(report: Report) -> dict[str, int]:
    from broadsheet.library.brought import Outcome

    return {outcome.value: report.counts[outcome] for outcome in Outcome}


def _sentences(report: Report) -> str:
    refusals = [line for line in report.lines if line.outcome == "refused"]
    lines = [f"note: {text}" for text in report.remarks[:REFUSALS_SHOWN]]
    for line in refusals[:REFUSALS_SHOWN]:
        name = f"{line.title or line.paper}: " if line.title or line.paper else ""
        lines.append(f"refused: {line.place}: {name}{line.reason}")
    if refusals[REFUSALS_SHOWN:]:
        lines.append(f"refused: and {len(refusals) - REFUSALS_SHOWN:,} more; --json lists them")
    counts = ", ".join(f"{name} {count:,}" for name, count in _counts(report).items())
    said = "It would be" if report.is_dry else "Done"
    return "\n".join([*lines, f"{said}: {counts}. New in the catalogue: {report.added:,}."])
