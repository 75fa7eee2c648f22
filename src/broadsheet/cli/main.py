"""The command group: where the data is, and Django made ready before a command runs."""

from __future__ import annotations

import functools
import os
from importlib.metadata import version
from typing import Any

import click
import django
from django.core.exceptions import ImproperlyConfigured

from broadsheet.cli import importing, indexing, operating, searching, serving
from broadsheet.cli.database import make_ready


class Commands(click.Group):
    """Commands that find Django set up and the database migrated; their --help needs neither."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, to be run on a ready database unless it is in MIGRATING."""
        run = cmd.callback

        @functools.wraps(run)  # type: ignore[arg-type]
        def ready_and_run(*args: Any, **options: Any) -> Any:
            _set_up_django()
            if cmd.name not in operating.WITHOUT_DATABASE:
                make_ready()
            return run(*args, **options)  # type: ignore[misc]

        cmd.callback = ready_and_run
        super().add_command(cmd, name)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.site.settings")
    try:
        django.setup()
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


for command in (
    serving.serve,
    serving.work,
    operating.demo,
    importing.import_,
    importing.export,
    indexing.index,
    searching.search,
    operating.migrate,
    operating.check,
    operating.config,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
