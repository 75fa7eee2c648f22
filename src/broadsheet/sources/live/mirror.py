"""Another instance of Broadsheet, followed by the changes to its catalogue.

Its records come with their own sources and keys, and become the papers that they are there. A paper that is
gone there has become part of another one: its records come with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from broadsheet.sources.files import fields
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.json_items import parsed
from broadsheet.sources.files.readings import Reading
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher
from broadsheet.sources.live.source import Asked, Batch, LiveSource, Position
from broadsheet.sources.outgoing.export import read_paper, read_word
from broadsheet.sources.settings import source_settings

BEGINNING = "0"
# As many papers as are asked for at once.
PAGE = 500
PAUSE = timedelta(minutes=5)


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for the next papers that changed.

    The position holds the `next` cursor, and whose it is: the address of the instance, `of`. Changes belong
    to no days: whoever asks for some days again gets everything again.
    """
    del asked
    instance = source_settings().address("mirror_url")
    cursor = position["next"] if position.get("of") == instance else BEGINNING
    answer = fetcher.get(f"{instance}/api/v1/changes", {"since": cursor, "limit": str(PAGE)})
    if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT) and cursor != BEGINNING:
        # It was restored from an older copy, or begun anew, and does not know how far we came.
        return Batch(position={"of": instance, "next": BEGINNING}, is_done=False)
    page = _page(answer, fetcher)
    return Batch(
        position={"of": instance, "next": fields.text(page, "next")},
        is_done=not fields.flag(page, "more"),
        readings=tuple(_readings(page)),
    )


def next_due(moment: datetime) -> datetime:
    """Soon: to ask for what is new costs that instance next to nothing."""
    return moment + PAUSE


def _page(answer: Answer, fetcher: Fetcher) -> JsonObject:
    page = parsed(answer.body)
    if answer.status != HTTPStatus.OK or not isinstance(page, dict) or not _is_whole(page):
        raise fetcher.unusable(answer, f"sent no list of changes (status {answer.status})")
    return page


def _is_whole(page: dict[str, Any]) -> bool:
    changes, cursor, words = page.get("changes"), page.get("next"), page.get("name_words", [])
    return (
        isinstance(changes, list)
        and isinstance(words, list)
        and all(isinstance(one, dict) for one in (*changes, *words))
        and isinstance(cursor, str)
        and bool(cursor)
        and isinstance(page.get("more"), bool)
    )


def _readings(page: JsonObject) -> Iterator[Reading]:
    for change in fields.parts(page, "changes"):
        if change.get("gone") is not True:
            yield from read_paper(f"paper {change.get('id')}", change)
    for number, said in enumerate(fields.parts(page, "name_words"), start=1):
        yield read_word(f"word {number} about names", said)


MIRROR = LiveSource("mirror", "mirror", "another Broadsheet", step, next_due)
