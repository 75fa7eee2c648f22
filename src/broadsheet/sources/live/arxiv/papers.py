"""Single papers of arXiv, asked for by their ids: what people want, and what was announced and did not come.

The export API leaves out ids that it does not know, now and then sends a page without its entries, and for
one malformed id it answers nothing about the others.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus

from broadsheet.papers.models import PaperIdentifier
from broadsheet.papers.record import Record
from broadsheet.sources.files.readings import Refusal
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.live.arxiv import api
from broadsheet.sources.live.arxiv.api import Page
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher
from broadsheet.sources.live.source import Asked, Batch, LiveSource, Position
from broadsheet.sources.models import WantedPaper
from broadsheet.sources.settings import source_settings

IDS_AT_ONCE = 100
# So many answers without a paper, or without anything, before that is believed.
TRIES = 3


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for papers that are wanted and not yet answered, those asked for first, 100 at a time.

    The position says which ids were `answered` and which `given_up`: the next step notes that, when what came
    for them is stored. Wanted papers belong to no day: a run for certain days has nothing to do here.
    """
    if asked.since:
        return Batch(position=position, is_done=True)
    _note(position, now=asked.now)
    ids = _next(position)
    if not ids:
        return Batch(position={}, is_done=True)
    params = {"id_list": ",".join(ids), "max_results": str(len(ids))}
    answer = fetcher.get(source_settings().address("arxiv_api_url"), params)
    try:
        return _learnt(position, ids, _page(answer, asked.holidays))
    except XmlError as problem:
        raise fetcher.unusable(answer, f"gave an answer that {problem}") from problem


def next_due(after: datetime) -> datetime:
    """A day later; whoever wants a paper makes the source due."""
    return after + timedelta(days=1)


PAPERS = LiveSource("arxiv-papers", "arxiv", "arXiv, paper by paper", step, next_due)


def _next(position: Position) -> list[str]:
    """The ids to ask for now: a part of those among which one is malformed, or the next ones that wait."""
    if groups := position.get("groups"):
        group: list[str] = groups[0]
        return group
    waiting = WantedPaper.objects.filter(found=None).order_by("asked_at", "arxiv_id")
    return [*waiting.values_list("arxiv_id", flat=True)[:IDS_AT_ONCE]]


def _page(answer: Answer, holidays: frozenset[date]) -> Page:
    page = api.read(answer.body, holidays)
    if answer.status != HTTPStatus.OK and not page.is_error:
        raise XmlError(f"has status {answer.status} and does not say why")
    return page


def _learnt(position: Position, ids: list[str], page: Page) -> Batch:
    """What follows from an answer. An id that is missing from it is asked for again with the next ones."""
    if page.is_hollow:
        return _once_more(position)
    groups, missed = position.get("groups", [])[1:], position.get("missed", {})
    if page.is_error and len(ids) > 1:
        half = len(ids) // 2
        return _going_on({"groups": [ids[:half], ids[half:], *groups], "missed": missed})
    if page.is_error:
        return _going_on({"groups": groups, "missed": missed, "given_up": ids})
    times = {one: missed.get(one, 0) + 1 for one in ids if one not in page.ids}
    others = {one: count for one, count in missed.items() if one not in ids}
    after = {
        "groups": groups,
        "missed": others | {one: count for one, count in times.items() if count < TRIES},
        "given_up": [one for one, count in times.items() if count >= TRIES],
        "answered": [one for one in ids if one in page.ids],
    }
    return _going_on(after, page.readings)


def _once_more(position: Position) -> Batch:
    empties = position.get("empties", 0) + 1
    if empties >= TRIES:
        raise XmlError(f"lacks its entries, {empties} times")
    kept = {name: position[name] for name in ("groups", "missed") if name in position}
    return _going_on(kept | {"empties": empties})


def _going_on(position: Position, readings: tuple[Record | Refusal, ...] = ()) -> Batch:
    """There is more to do: at least to note what was answered."""
    return Batch(position=position, is_done=False, readings=readings)


def _note(position: Position, *, now: datetime) -> None:
    """Note which ids arXiv has answered. One whose paper cannot be used was not found, for us."""
    answered, given_up = position.get("answered", []), position.get("given_up", [])
    papers = PaperIdentifier.objects.filter(scheme="arxiv", value__in=answered)
    known = set(papers.values_list("value", flat=True))
    waiting = WantedPaper.objects.filter(found=None)
    waiting.filter(arxiv_id__in=known).update(found=True, answered_at=now)
    waiting.filter(arxiv_id__in=[*{*answered, *given_up} - known]).update(found=False, answered_at=now)
