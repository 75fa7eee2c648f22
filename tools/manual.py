"""Write the tables of the manual that follow from the code: the settings and the commands.

`python tools/manual.py` writes them between their marks in docs/; with --check it only says what is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from pydantic import SecretStr

from broadsheet.cli.main import all_commands
from broadsheet.site.config import PREFIX, Config

DOCS = Path(__file__).resolve().parent.parent / "docs"


def settings_table() -> Iterator[str]:
    """One row for each setting: its name, its default and what it is for."""
    yield "| setting | default | what it does |"
    yield "| --- | --- | --- |"
    for name, field in Config.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {_shown(field.default)} | {field.description} |"


def commands_table() -> Iterator[str]:
    """One row for each command: how it is called and what it does."""
    yield "| command | what it does |"
    yield "| --- | --- |"
    for name, command in sorted(all_commands().items()):
        usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
        yield f"| `broadsheet {usage}` | {command.get_short_help_str(limit=200)} |"


TABLES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "settings": ("operating.md", settings_table),
    "commands": ("using.md", commands_table),
}


def main() -> None:
    """Bring every table up to date, or with --check fail where one is not."""
    stale = []
    for name, (page, rows) in TABLES.items():
        path = DOCS / page
        old = path.read_text(encoding="utf-8")
        new = with_table(old, name, list(rows()))
        if new != old:
            stale.append(f"docs/{page}")
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"{', '.join(stale)} no longer says what the code does: run `make fix`.")


def with_table(page: str, name: str, rows: list[str]) -> str:
    """The page with the table between the marks `<!-- name -->` and `<!-- /name -->` replaced."""
    between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    table = "\n".join(["", *rows, "", ""])
    return between.sub(lambda _: table, page)


def _shown(default: object) -> str:
    """A default as a reader should see it; what the first start works out stays unsaid."""
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"`{value}`" if isinstance(value, (str, int)) and value != "" else "–"


if __name__ == "__main__":
    main()
