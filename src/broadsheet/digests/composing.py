"""Composing: the bytes of a whole mail, joined of parts that were encoded before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from broadsheet.digests import links
from broadsheet.digests.choosing import Choice, ChosenTopic
from broadsheet.digests.letters import headers
from broadsheet.digests.letters.digests import Letter, fits, reasons, size, size_of_name
from broadsheet.digests.letters.papers import Encoded, papers
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Recipient
from broadsheet.digests.windows import today

# Some programs cut a mail off, and with it the way to unsubscribe, beyond 102 kB of HTML.
MOST_BYTES = 90_000
# What head and foot take at most.
AROUND = 10_000
KIND, PURPOSES = "digests", (Purpose.MANAGE, Purpose.UNSUBSCRIBE, Purpose.SAVE)


class Composed(NamedTuple):
    """What a channel is told, and the keys of the papers that it tells: fewer where it would be too long."""

    content: bytes
    papers: list[int]


class NothingLeftError(ValueError):
    """None of the papers that were chosen is there any more."""

    def __init__(self) -> None:
        super().__init__("None of the papers that were chosen for this mail is in the catalogue any more.")


def compose(
    recipient: Recipient,
    channel: Channel,
    choice: Choice,
    *,
    at: datetime,
    message_id: str,
    window: str,
    next_at: datetime | None,
) -> Composed:
    """The mail that tells the recipient what was chosen: headers and both parts, lines ended by CRLF.

    It holds at most MOST_BYTES of HTML. Raises NothingLeftError.
    """
    fitting, known = _fitting(choice, at=at)
    if not fitting.topics:
        raise NothingLeftError
    why = reasons.get([topic.pk for topic in fitting.topics], at=at)
    urls = {purpose: links.url(purpose, recipient) for purpose in PURPOSES}
    day = _day(window, recipient, at)
    letter = Letter(recipient, channel, fitting, known, why, urls, day, next_at)
    usual = headers.usual(recipient.address, letter.subject, at=at, message_id=message_id)
    of_list = headers.of_list(KIND, unsubscribe=urls[Purpose.UNSUBSCRIBE], manage=urls[Purpose.MANAGE])
    content = headers.written((*usual, *of_list)) + headers.body(*letter.parts())
    return Composed(content, fitting.papers)


def _fitting(choice: Choice, *, at: datetime) -> tuple[Choice, Mapping[int, Encoded]]:
    """The choice without what is no longer there, and cut where the mail would be too long; and its papers,
    encoded.
    """
    known = papers.get(choice.papers, at=at)
    if len(known) == len(choice.papers) and fits(choice, known, MOST_BYTES - AROUND):
        return choice, known
    why = reasons.get([topic.pk for topic in choice.topics], at=at)
    room = MOST_BYTES - AROUND
    fit: set[int] = set()
    for topic in choice.topics:
        room -= size_of_name(topic)
        for paper in topic.papers:
            room -= size(topic, paper, known[paper.pk], why) if paper.pk in known else 0
            fit |= {paper.pk} if room >= 0 and paper.pk in known else set()
    topics = (_cut(topic, fit, known) for topic in choice.topics)
    left = choice.left + sum(paper in known for paper in choice.papers) - len(fit)
    return replace(choice, topics=tuple(topic for topic in topics if topic.papers), left=left), known


def _cut(topic: ChosenTopic, fit: Collection[int], known: Collection[int]) -> ChosenTopic:
    """The topic with the papers that fit; the others of those known are part of the rest."""
    cut = (paper.pk for paper in topic.papers if paper.pk in known and paper.pk not in fit)
    papers = tuple(paper for paper in topic.papers if paper.pk in fit)
    return replace(topic, papers=papers, rest=(*cut, *topic.rest))


def _day(window: str, recipient: Recipient, at: datetime) -> date:
    """The day of a window; that of the recipient's clock where a window is called otherwise."""
    try:
        return date.fromisoformat(window)
    except ValueError:
        return today(at, recipient.zone)
