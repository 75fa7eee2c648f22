"""The command group: where the data is, and Django made ready before a command runs."""

from __future__ import annotations

import functools
import gc
import os
import sqlite3
from importlib import import_module
from importlib.metadata import version
from typing import Any

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from broadsheet.papers.disk import is_unwritable

# In the order of --help; each is loaded when it is asked for, since no command needs what all of them do.
COMMANDS = {
    "serve": "serving.serve",
    "work": "serving.work",
    "demo": "operating.demo",
    "import": "importing.import_",
    "export": "importing.export",
    "dump": "importing.dump",
    "library": "library.library",
    "ingest": "ingesting.ingest",
    "index": "indexing.index",
    "search": "searching.search",
    "similar": "searching.similar",
    "mcp": "mcp.mcp",
    "evaluate": "evaluating.evaluate",
    "open": "people.open_",
    "user": "people.user",
    "papers": "papers.papers",
    "digest": "digest.digest",
    "migrate": "operating.migrate",
    "check": "operating.check",
    "config": "operating.config",
}
WITHOUT_DATABASE = frozenset({"evaluate", "migrate", "check", "config", "open"})


class Commands(click.Group):
    """Commands that find Django set up and the database migrated; their --help needs neither."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, the most used first."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"broadsheet.cli.{module}"), name)
        for part in command.commands.values() if isinstance(command, click.Group) else [command]:
            if not hasattr(part.callback, "__wrapped__"):
                part.callback = _on_a_ready_database(part, needs_database=cmd_name not in WITHOUT_DATABASE)
        return command


def all_commands() -> dict[str, click.Command]:
    """Every command by its name, those of a group by both: what the manual lists."""
    ctx = click.Context(main)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = main.get_command(ctx, name)
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
        elif command:
            found[name] = command
    return found


def _on_a_ready_database(command: click.Command, *, needs_database: bool) -> Any:
    run = command.callback
    assert run is not None

    @functools.wraps(run)
    def ready_and_run(*arguments: Any, **options: Any) -> Any:
        # What is loaded stays until the end: the garbage collector need not look at it, now or later.
        gc.disable()
        try:
            _set_up_django()
            if needs_database:
                import_module("broadsheet.cli.database").make_ready()
            gc.freeze()
            gc.enable()
            return run(*arguments, **options)
        except (DatabaseError, sqlite3.Error) as problem:
            # No server, a full disk, a locked file; what was committed before stays.
            raise click.ClickException(f"The database cannot be used: {str(problem).strip()}") from problem
        except OSError as problem:
            if not is_unwritable(problem):
                raise
            raise click.ClickException(_where_and_why(problem)) from problem
        finally:
            # At the end all is let go: the last connection that is closed leaves the database in one file.
            gc.unfreeze()
            gc.enable()

    return ready_and_run


def _where_and_why(problem: OSError) -> str:
    """The disk that does not take what is to be written; what was written before stays."""
    place = problem.filename or os.environ.get("BROADSHEET_DATA") or "the data folder"
    return f"{place} cannot be used ({problem.strerror})."


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.site.settings")
    try:
        django.setup()
        import_module("broadsheet.papers.database_file").watch()
    except ImproperlyConfigured as problem:
        raise click.ClickException(str(problem)) from problem


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data", metavar="DIR", help="The data folder (default: $BROADSHEET_DATA, else the user's data folder)."
)
@click.version_option(version("broadsheet"), prog_name="broadsheet")
def main(data: str | None) -> None:
    """Broadsheet: your own Daily Papers.

    Example: broadsheet demo, then broadsheet serve.
    """
    if data:
        os.environ["BROADSHEET_DATA"] = data


if __name__ == "__main__":
    main()
