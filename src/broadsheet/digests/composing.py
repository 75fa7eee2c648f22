"""Composing: the bytes of a whole mail, joined of parts that were encoded before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from broadsheet.digests import links
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.letters import headers
from broadsheet.digests.letters.digests import Letter, reasons
from broadsheet.digests.letters.frames import HTML
from broadsheet.digests.letters.papers import Encoded, papers
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Recipient

# Some programs cut a mail off, and with it the way to unsubscribe, beyond 102 kB of HTML.
MOST_BYTES = 90_000
# What head, foot, and the names of topics take at most; and what is said of a paper for its reader.
AROUND, FOR_ITS_READER = 14_000, 500
KIND = "digests"


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
) -> bytes:
    """The mail that tells the recipient what was chosen: headers and both parts, lines ended by CRLF.

    It holds at most MOST_BYTES of HTML: see `told`. Raises NothingLeftError.
    """
    fitting, known = _fitting(choice, at=at)
    if not fitting.topics:
        raise NothingLeftError
    why = reasons.get([topic.pk for topic in fitting.topics], at=at)
    letter = Letter(recipient, channel, fitting, known, why, _day(window, recipient, at), next_at)
    usual = headers.usual(recipient.address, letter.subject, at=at, message_id=message_id)
    said = (*usual, *_of_list(recipient))
    return headers.written(said) + headers.body(letter.text(), letter.html())


def told(choice: Choice, *, at: datetime) -> list[int]:
    """The keys of the papers that a mail composed at that time tells: fewer where it would be too long."""
    return _fitting(choice, at=at)[0].papers


def _fitting(choice: Choice, *, at: datetime) -> tuple[Choice, Mapping[int, Encoded]]:
    """The choice without what is no longer there, and cut where the mail would be too long; and its papers,
    encoded.
    """
    known = papers.get(choice.papers, at=at)
    there = [paper for paper in choice.papers if paper in known]
    fit, room = set[int](), MOST_BYTES - AROUND
    for paper in there:
        room -= known[paper].frames[HTML].size + FOR_ITS_READER
        if room < 0:
            break
        fit.add(paper)
    topics = (replace(topic, papers=_those(topic, fit)) for topic in choice.topics)
    left = choice.left + len(there) - len(fit)
    return Choice(tuple(topic for topic in topics if topic.papers), left), known


def _those(topic: ChosenTopic, fit: set[int]) -> tuple[ChosenPaper, ...]:
    return tuple(paper for paper in topic.papers if paper.pk in fit)


def _day(window: str, recipient: Recipient, at: datetime) -> date:
    """The day of a window; that of the recipient's clock where a window is called otherwise."""
    try:
        return date.fromisoformat(window)
    except ValueError:
        return at.astimezone(ZoneInfo(recipient.zone)).date()


def _of_list(recipient: Recipient) -> Iterator[tuple[str, str]]:
    return headers.of_list(
        KIND,
        unsubscribe=links.url(Purpose.UNSUBSCRIBE, recipient),
        manage=links.url(Purpose.MANAGE, recipient),
    )
