"""The database made ready for a command: SQLite is migrated on the spot, a server's is only checked."""

from __future__ import annotations

from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from filelock import FileLock

from broadsheet.configured import instance


def make_ready() -> None:
    """Bring SQLite's tables up to date. Where a server's are behind, raise click.ClickException."""
    if not is_behind():
        return
    if connection.vendor != "sqlite":
        raise click.ClickException(
            "The database is behind this version of Broadsheet; run: broadsheet migrate"
        )
    migrate()


def is_behind() -> bool:
    """True while migrations are to be run."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Run all migrations; of several processes starting at once, one does it and the others wait."""
    with FileLock(Path(instance().data) / "migrate.lock"):
        call_command("migrate", verbosity=0, interactive=False)
