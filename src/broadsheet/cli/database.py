"""The database made ready for a command: SQLite is migrated on the spot, a server's is only checked."""

from __future__ import annotations

import pkgutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import click
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models import Model
from filelock import FileLock

from broadsheet.configured import instance
from broadsheet.papers import database_file


def make_ready() -> None:
    """Bring SQLite's tables up to date.

    Raises click.ClickException where a server's tables are behind, where a newer version made them, and where
    the database was emptied.
    """
    if database_file.is_missing_or_empty():
        migrate()
    if not is_behind():
        return
    if connection.vendor != "sqlite":
        raise click.ClickException(
            "The database is behind this version of Broadsheet; run: broadsheet migrate"
        )
    migrate()


def is_behind() -> bool:
    """True while migrations are to be run. Raises click.ClickException where a newer version ran some."""
    if _named() == MigrationRecorder(connection).applied_migrations().keys():
        return False
    loader = MigrationLoader(connection)
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if unknown:
        raise click.ClickException(
            f"The database was made by a newer version of Broadsheet: {version('broadsheet')} does not know"
            f" its {'.'.join(unknown[0])}. Install that version again, or restore the backup from before the"
            " upgrade."
        )
    # Of a migration that replaces others, only they may be noted as done.
    return bool(set(loader.graph.nodes) - set(loader.applied_migrations))


def _named() -> set[tuple[str, str]]:
    """The migrations that there are, by the names of their files: to load sixty modules would take a command
    a sixth of a second.
    """
    return {
        (room.label, module.name)
        for room in apps.get_app_configs()
        if (found := find_spec(f"{room.name}.migrations"))
        for module in pkgutil.iter_modules(found.submodule_search_locations)
    }


def migrate() -> None:
    """Run all migrations; of several processes starting at once, one does it and the others wait.

    Raises click.ClickException for a database that was emptied, or made by a newer version.
    """
    with FileLock(Path(instance().data) / "migrate.lock"):
        if problem := database_file.loss():
            raise click.ClickException(problem)
        if database_file.is_missing_or_empty():
            _make_tables()
            database_file.keep_to_oneself()
        elif is_behind():
            call_command("migrate", verbosity=0, interactive=False)


def _make_tables() -> None:
    """Make the tables of a new database as all migrations together leave them, and note these as run.

    To run one after another takes Django seconds, nearly all of them for the states between. A process that
    dies here leaves an empty database.
    """
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state()
    plan = [one for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    tables: list[type[Model]] = [MigrationRecorder.Migration, *state.apps.get_models()]
    with connection.schema_editor(atomic=True) as editor:
        for model in tables:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration in plan:
            _run_what_is_no_table(migration, state, editor)
            executor.record_migration(migration)
        executor.check_replacements()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _run_what_is_no_table(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor
) -> None:
    """Run what our migration does beside making tables, but for what only mends rows of before."""
    if migration.__module__.startswith("broadsheet."):
        for one in migration.operations:
            if isinstance(one, RunPython | RunSQL) and not one.elidable:
                one.database_forwards(migration.app_label, editor, state, state)
