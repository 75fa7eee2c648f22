"""What `ingest --status` prints: how complete the days of each source are, and how its runs went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from operator import methodcaller
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from broadsheet.sources.files.readings import printable

if TYPE_CHECKING:
    from broadsheet.sources.completeness.day_states import DaySummary
    from broadsheet.sources.completeness.status import FamilyStatus, SourceStatus

DAYS_SHOWN = 14
_UNPLANNED = {True: "runs as soon as a worker does", False: "runs on command only"}
COLUMNS = ("day", "state", "expected", "received", "missing", "late", "refused", "remarks")


def show(*, as_json: bool) -> None:
    """Print the last days of each source; as JSON all the days that the page shows, with the same numbers."""
    from broadsheet.sources.completeness import status
    from broadsheet.sources.live.fetching import turns

    now = datetime.now(UTC)
    families = status.read(now=now)
    if as_json:
        click.echo(
            json.dumps([_values(family) for family in families], indent=2, default=methodcaller("isoformat"))
        )
        return
    for host in turns.left_alone(now=now):
        click.echo(f"{host.name} is left alone until {_moment(host.free_at)}: {host.reason}")
    for family in families:
        click.echo("\n".join(_sentences(family)))
        if family.days:
            _print_days(family.days[-DAYS_SHOWN:])
    if not families:
        click.echo("Nothing is fetched: the setting BROADSHEET_SOURCES names no source.")


def _values(family: FamilyStatus) -> dict[str, object]:
    return {
        "family": family.family,
        "is_on": family.is_on,
        "last_good_at": family.last_good_at,
        "next_due_at": family.next_due_at,
        "gap_days": family.gap_days,
        "sources": [asdict(source) for source in family.sources],
        "days": [{**asdict(day), "missing": day.missing} for day in family.days],
    }


def _sentences(family: FamilyStatus) -> Iterator[str]:
    from broadsheet.sources.completeness.day_states import sentence

    yield f"\n{family.family}" + ("" if family.is_on else " (switched off)")
    if family.latest:
        yield sentence(family.latest, when=f"on {family.latest.day}")
    elif not family.last_good_at:
        yield "Nothing was fetched from here yet."
    if family.gap_days:
        gaps = [day.day for day in family.days if day.is_gap]
        yield (
            f"Days with gaps among the last {len(family.days)}: {len(gaps)}; to fetch them again:"
            f" broadsheet ingest {family.family} --since {gaps[0]} --until {gaps[-1]}"
        )
    yield from (_source(source, is_on=family.is_on) for source in family.sources)


def _source(source: SourceStatus, *, is_on: bool) -> str:
    last = f"last good run {_moment(source.last_good_at)}" if source.last_good_at else "no good run yet"
    due = f"next run {_moment(source.due_at)}" if source.due_at else _UNPLANNED[is_on]
    trouble = f"; failed {source.failures} times, at last: {source.message}" if source.failures else ""
    return f"{source.name}: {last}, {due}{trouble}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _print_days(days: Sequence[DaySummary]) -> None:
    """A table on a terminal; elsewhere a line for each day, with tabs."""
    rows = [_row(day) for day in reversed(days)]
    console = Console()
    if not console.is_terminal:
        click.echo("\n".join("\t".join(row) for row in [COLUMNS, *rows]))
        return
    table = Table(box=None, header_style="dim")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in {"day", "state", "remarks"} else "right")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _row(day: DaySummary) -> tuple[str, ...]:
    counts = (day.expected, day.received, day.missing, day.late, day.refused)
    remarks = printable(" ".join("; ".join(day.reasons).split()))
    return (str(day.day), day.state.value, *(f"{count:,}" for count in counts), remarks)
