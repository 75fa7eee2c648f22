"""The command `ingest`: fetch new papers now, the papers of some days again, or single papers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from broadsheet.cli.progress import progress
from broadsheet.configured import instance
from broadsheet.papers.disk import shortage
from broadsheet.papers.identifiers import arxiv_id
from broadsheet.sources.settings import source_settings

if TYPE_CHECKING:
    from broadsheet.sources.ingesting import IngestReport
    from broadsheet.sources.live.source import LiveSource

REFUSALS_SHOWN = 20
# A host may ask to be left alone for so long; then the command gives up, and the worker tries later.
PATIENCE = timedelta(minutes=10)
WAITS_TOLD_SECONDS = 10.0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise click.BadParameter(f"{text!r} is no day; write it as 2026-11-20.") from problem


@click.command(epilog="Example: broadsheet ingest arxiv --since 2026-11-01 --until 2026-11-07")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--since", metavar="DAY", type=_day, help="Fetch these days again.")
@click.option("--until", metavar="DAY", type=_day, help="The last of them (today).")
@click.option("--paper", "papers", metavar="ID", multiple=True, help="Fetch this paper from arXiv.")
@click.option("--status", "only_status", is_flag=True, help="Only say what is complete and what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with every refusal.")
def ingest(
    sources: tuple[str, ...],
    since: date | None,
    until: date | None,
    papers: tuple[str, ...],
    *,
    only_status: bool,
    as_json: bool,
) -> None:
    """Fetch what is new, from the sources of the settings or from those that are named.

    The worker does this by itself; the command does it now. A source is a family (arxiv, huggingface,
    biorxiv) or one of its parts, which --status lists. It can be stopped at any time, and goes on where it
    was. With --since the papers of these days are fetched once more.

    The exit code is 1 if a source could not be asked to its end, or if arXiv does not know a paper.
    """
    if len([one for one in (papers, sources or since or until, only_status) if one]) > 1:
        raise click.UsageError("--paper and --status stand alone.")
    if only_status:
        from broadsheet.cli.completeness import show

        show(as_json=as_json)
    elif papers:
        _fetch_papers(papers, as_json=as_json)
    else:
        days = _days(since, until)
        report = _fetch(_sources(sources), days)
        _print(report, as_json=as_json)


def _sources(names: Sequence[str]) -> tuple[LiveSource, ...]:
    """The sources of that name, else those of the settings."""
    from broadsheet.sources.live.registry import UnknownSourceError, chosen, scheduled

    config = source_settings()
    try:
        found = chosen(names) if names else scheduled(config.families, categories=config.followed)
    except UnknownSourceError as problem:
        raise click.UsageError(f"{problem}.") from problem
    if not found:
        raise click.ClickException(
            "nothing is to be fetched: set BROADSHEET_SOURCES (for arXiv BROADSHEET_CATEGORIES too),"
            " or name a source: broadsheet ingest huggingface"
        )
    return found


def _days(since: date | None, until: date | None) -> tuple[date, date] | None:
    if since is None:
        if until is not None:
            raise click.UsageError("--until needs --since.")
        return None
    days = since, until or datetime.now(UTC).date()
    if days[0] > days[1]:
        raise click.UsageError(f"{days[0]} is after {days[1]}.")
    return days


def _fetch(sources: Sequence[LiveSource], days: tuple[date, date] | None = None) -> IngestReport:
    from broadsheet.jobs.wake import wake
    from broadsheet.sources.ingesting import ingest
    from broadsheet.sources.live.fetching.clock import Clock
    from broadsheet.sources.live.fetching.fetcher import Fetcher

    if reason := shortage(instance().data):
        raise click.ClickException(reason)

    def now() -> datetime:
        return datetime.now(UTC)

    try:
        with Fetcher(clock=Clock(now, _wait), patience=PATIENCE) as fetcher, progress("records") as show:
            report = ingest(
                sources,
                fetcher=fetcher,
                now=now,
                days=days,
                progress=lambda source: show(source.name, source.read, 0),
            )
    except KeyboardInterrupt:
        raise click.ClickException("stopped; run it again to go on from here.") from None
    if report.has_changed_papers:
        wake("make_texts")
        wake("index")
    return report


def _wait(seconds: float) -> None:
    """Let time pass; where it is long, say until when, and why."""
    from broadsheet.sources.live.fetching import turns

    if seconds >= WAITS_TOLD_SECONDS:
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)
        host = max(turns.left_alone(now=now), key=lambda one: one.free_at, default=None)
        click.echo(f"waiting until {until:%H:%M:%S} UTC: {host.reason if host else 'a turn'}", err=True)
    time.sleep(seconds)


def _fetch_papers(ids: Sequence[str], *, as_json: bool) -> None:
    from broadsheet.papers.models import PaperIdentifier
    from broadsheet.sources.live.source import ARXIV_PAPERS
    from broadsheet.sources.live.wanted import TooManyWantedError, want

    wanted = {text: arxiv_id(text) for text in ids}
    for text, found in wanted.items():
        if found is None:
            raise click.UsageError(f"{text!r} is no identifier of arXiv.")
    values = list(dict.fromkeys(one.value for one in wanted.values() if one))
    try:
        want(values, now=datetime.now(UTC))
    except TooManyWantedError as problem:
        raise click.ClickException(f"{problem}.") from problem
    report = _fetch(_sources([ARXIV_PAPERS]))
    held = PaperIdentifier.objects.filter(scheme="arxiv", value__in=values)
    titles = dict(held.values_list("value", "paper__title"))
    if as_json:
        click.echo(json.dumps({one: titles.get(one) for one in values}, indent=2))
    else:
        why = "; ".join(one.failure for one in report.sources if one.failure) or "arXiv does not know it"
        for value in values:
            click.echo(f"{value}: {titles.get(value, why)}")
    sys.exit(0 if len(titles) == len(values) else 1)


def _print(report: IngestReport, *, as_json: bool) -> None:
    click.echo(
        json.dumps(asdict(report), indent=2, default=datetime.isoformat)
        if as_json
        else "\n".join(_sentences(report))
    )
    sys.exit(0 if report.is_done else 1)


def _sentences(report: IngestReport) -> Iterator[str]:
    for source in report.sources:
        yield from (f"note: {source.name}: {remark}" for remark in source.remarks)
        for refusal in source.refusals[:REFUSALS_SHOWN]:
            yield f"refused: {source.name}, {refusal.place}: {refusal.reason}"
        if source.refused > REFUSALS_SHOWN:
            yield f"refused: {source.name}: and {source.refused - REFUSALS_SHOWN:,} more; --json lists them"
        if source.failure:
            yield f"failed: {source.name}: {source.failure}"
        yield (
            f"{source.name}: read {source.read:,}: new {source.new:,}, updated {source.updated:,},"
            f" unchanged {source.unchanged:,}, merged {source.merged:,}, refused {source.refused:,};"
            f" next run {source.next_due:%Y-%m-%d %H:%M} UTC."
        )
    for family, count in report.missing.items():
        if count:
            yield f"{family}: {count:,} announced papers have not come yet; --status tells of which days."
