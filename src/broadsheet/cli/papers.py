"""Commands about which papers are one: papers join, split, check, rebuild."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from broadsheet.papers.rebuilding import Redecided

_BECAUSE = click.option("--because", default="", metavar="TEXT", help="The reason, for the log.")
_UNDO = click.option(
    "--undo", is_flag=True, help="Take back that this was ever said; the rules decide again."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def papers() -> None:
    """Say which papers are one and which are two, and see what the rules make of it.

    Example: broadsheet papers join 2401.00001 doi:10.1000/x --because "The journal's version."
    """


@papers.command(epilog='Example: broadsheet papers join 2401.00001 acl:2024.acl-long.1 --because "Retitled."')
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@_BECAUSE
@_UNDO
def join(first: str, second: str, because: str, *, undo: bool) -> None:
    """Make two papers one, whatever the rules say.

    What hung on either hangs on both, and both addresses lead there. Of two words that contradict each other
    the later one counts.
    """
    from broadsheet.papers import verdicts

    if undo:
        _decide(partial(verdicts.undo, first, second, same=True))
        click.echo(f"{first} and {second} are what the rules say again.")
    else:
        _decide(partial(verdicts.join, first, second, by=_who(), because=because))
        click.echo(f"{first} and {second} are one paper.")


@papers.command(epilog="Example: broadsheet papers split 2401.00001 bibtex:vale2024")
@click.argument("paper", metavar="ID")
@click.argument("parts", metavar="RECORD|ID...", nargs=-1, required=True)
@_BECAUSE
@_UNDO
def split(paper: str, parts: tuple[str, ...], because: str, *, undo: bool) -> None:
    """Take records out of a paper, or what another name of it stands for, whatever the rules say.

    A record is written SOURCE:KEY, as `papers check` and an export name it. All that is named becomes
    one paper of its own, unless it is part of yet another one. What people said under a name goes with it.
    """
    from broadsheet.papers import verdicts

    if undo:
        for part in parts:
            _decide(partial(verdicts.undo, paper, part, same=False))
        click.echo(f"{paper} is what the rules say again.")
    else:
        _decide(partial(verdicts.split, paper, parts, by=_who(), because=because))
        click.echo(f"{', '.join(parts)} {'is' if len(parts) == 1 else 'are'} apart from {paper}.")


@papers.command(epilog="Example: broadsheet papers check")
@_JSON
def check(*, as_json: bool) -> None:
    """Recount what must be true of every paper: it has a record and a name, and is what its records say.

    The exit code is 1 if anything is wrong; `papers rebuild --apply` mends it.
    """
    from broadsheet.papers import checking

    found = list(checking.problems(now=datetime.now(UTC)))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for sentence in found:
            click.echo(sentence)
        click.echo(f"{len(found):,} papers need a look." if found else "All papers are as they should be.")
    sys.exit(1 if found else 0)


@papers.command(epilog="Example: broadsheet papers rebuild --apply")
@click.option("--apply", is_flag=True, help="Do it; without this it is only told.")
@_JSON
def rebuild(*, apply: bool, as_json: bool) -> None:
    """Decide anew which papers all stored records are, and tell what would be split or joined.

    A catalogue that an earlier release made may need it once. It can be interrupted and begun again.
    """
    from broadsheet.jobs.wake import wake
    from broadsheet.papers.rebuilding import redecided

    split = joined = renamed = 0
    for unit in redecided(now=datetime.now(UTC), apply=apply):
        split, joined = split + unit.is_split, joined + unit.is_joined
        renamed += not (unit.is_split or unit.is_joined)
        if as_json:
            click.echo(json.dumps(asdict(unit)))
        elif unit.is_split or unit.is_joined:
            click.echo(_sentence(unit))
    if not as_json:
        verb = "were" if apply else "would be"
        click.echo(f"{split:,} {verb} split, {joined:,} joined; of {renamed:,} only names or facts differ.")
    if apply and (split or joined or renamed):
        wake("index")


def _sentence(unit: Redecided) -> str:
    after = ", ".join(f"{public_id} ({' '.join(records)})" for public_id, records in unit.papers)
    return f"{', '.join(unit.before)}: {after}"


def _decide(verb: Callable[..., None]) -> None:
    from broadsheet.jobs.wake import wake
    from broadsheet.papers.verdicts import VerdictError

    try:
        verb(now=datetime.now(UTC))
    except VerdictError as problem:
        raise click.ClickException(f"Nothing was changed: {problem}.") from problem
    wake("index")


def _who() -> str:
    """Who gives the verdict: on a command line, whoever is signed in to the machine."""
    try:
        return getpass.getuser()
    except OSError:
        return "operator"
