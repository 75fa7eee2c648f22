"""Commands of the operator: demo, migrate, check, config."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from pydantic import BaseModel, SecretStr

from broadsheet.accounts.settings import LimitSettings
from broadsheet.cli.database import is_behind
from broadsheet.cli.database import migrate as run_migrations
from broadsheet.configured import configured, instance
from broadsheet.papers import database_file
from broadsheet.papers.disk import shortage
from broadsheet.sources.settings import source_settings


@click.command(epilog="Example: broadsheet demo")
@click.option("--only-if-empty", is_flag=True, help="Do nothing where the catalogue holds papers already.")
def demo(only_if_empty: bool) -> None:
    """Fill the catalogue with the demonstration papers.

    Real papers with summaries written for Broadsheet, listed on the last two weeks. Running it again
    changes nothing on the same day.
    """
    from broadsheet.jobs.wake import wake
    from broadsheet.papers.models import Paper
    from broadsheet.sources.demo import fill

    if only_if_empty and Paper.objects.exists():
        return
    click.echo("Storing the demonstration papers, a few seconds.", err=True)
    counts = fill(now=datetime.now(UTC))
    wake("make_texts")
    wake("index")
    click.echo(f"{counts.new} demonstration papers are new, {counts.updated + counts.merged} changed.")


@click.command(epilog="Example: broadsheet migrate")
def migrate() -> None:
    """Bring the tables up to date. With SQLite every command does so by itself."""
    run_migrations()
    click.echo("The tables are up to date.")


@click.command(epilog="Example: broadsheet check")
def check() -> None:
    """Check that the settings, the database and the embedding model can be used."""
    from broadsheet.digests import checking as sending_checks
    from broadsheet.search.embedding_models.embedding import ModelError, checked_folder
    from broadsheet.search.folder import index_folder, model_in_use

    problems = [*_unwritable(instance().data), *_not_ready()]
    model = model_in_use(index_folder())
    try:
        checked_folder(model)
        click.echo(f"Embedding model: {model.name} ({model.identity})")
    except ModelError as problem:
        problems.append(str(problem))
    click.echo(f"Data folder: {instance().data}")
    if source_settings().families and not source_settings().contact:
        click.echo(
            "Warning: BROADSHEET_CONTACT is empty; set it to your e-mail address, so that the hosts that are"
            " asked for papers know whom to write to.",
            err=True,
        )
    if instance().site_url and not configured(LimitSettings).proxies:
        click.echo(
            "Warning: BROADSHEET_PROXIES is 0. Behind a proxy all visitors count as a single one, and what"
            " they read is not limited; set it to the number of proxies that stand before the site.",
            err=True,
        )
    if readers := database_file.readers():
        click.echo(f"Warning: {readers}", err=True)
    for sentence in () if problems else sending_checks.warnings():
        click.echo(f"Warning: {sentence}", err=True)
    for sentence in problems:
        click.echo(sentence, err=True)
    if problems:
        raise SystemExit(1)
    click.echo("All is well.")


def _not_ready() -> Iterator[str]:
    """Why the database cannot be used; an emptied file is not opened, since it would be empty no longer."""
    if lost := database_file.loss():
        yield lost
    elif is_behind():
        yield "The tables are behind this version; run: broadsheet migrate"


def _unwritable(folder: Path) -> Iterator[str]:
    """Why nothing can be written into the data folder, found out by writing a byte."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError as problem:
        yield f"The data folder {folder} cannot be written ({problem.strerror})."
    else:
        if reason := shortage(folder):
            yield reason


@click.command(epilog="Example: broadsheet config --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def config(as_json: bool) -> None:
    """Print the settings in force, secrets masked."""
    values = {
        f"BROADSHEET_{name.upper()}": ("***" if value.get_secret_value() else "")
        if isinstance(value, SecretStr)
        else str(value)
        for name, value in configured(BaseModel)
    }
    if as_json:
        click.echo(json.dumps(values, indent=2))
        return
    for name, text in values.items():
        click.echo(f"{name}={text}")
