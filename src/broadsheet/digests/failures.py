"""What becomes of a digest after the other side has answered, or has not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from broadsheet.digests.models import REPLY_LENGTH

# After so many minutes it is tried again, each time ± 20 %.
TRIES = (5, 20, 60, 240, 720)
SPREAD = 0.2
LONGEST_WAIT = timedelta(minutes=TRIES[-1] * (1 + SPREAD))
# A relay that is away says nothing of any mail.
AWAY = timedelta(minutes=1)
REFUSALS = 3
PAUSED = "Three in a row were refused ({said}), so nothing more is sent. Go on when they are taken again."
NO_SUCH_ADDRESS = "There is no such address: {said}"
COMPLAINT = "The recipient complained about the mail."
GONE = 410
_TOO_MANY = 429

_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
# Of 5.1.x these are about who sends.
_OF_THE_SENDER = {7, 8}
_PERMANENT = 5
# Of HTTP: what went well, what its server cannot do now, and what it does not want now.
_WELL, _NOT_NOW, _FOR_NOW = 2, {0, 5}, {408, 425, 429}


class Step(Enum):
    """How far the talk with the other side was when it answered."""

    CONNECT = "connect"
    RECIPIENT = "recipient"
    CONTENT = "content"
    # No mail: the answer of a service or webhook, which is repeated without harm where none came.
    WEB = "web"


class Fate(Enum):
    """What becomes of it."""

    SENT = "sent"
    # Refused for now.
    LATER = "later"
    # It may have been taken.
    DOUBTFUL = "doubtful"
    # Nothing goes to anybody now.
    AWAY = "away"
    REFUSED = "refused"
    # Nothing may go there ever again.
    NO_SUCH_ADDRESS = "no such address"
    ENDED = "ended"


_FATES = {0: Fate.DOUBTFUL, 2: Fate.SENT}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said, by the numbers of SMTP or, of the web, of HTTP, and when; the code 0 means
    that it said nothing.
    """

    code: int
    text: str = ""
    step: Step = Step.CONTENT

    def __str__(self) -> str:
        return f"{self.code or 'no answer'} {self.text}".strip()[:REPLY_LENGTH]


def fate(reply: Reply) -> Fate:
    """What becomes of a digest that was answered so.

    Before a recipient was named, a refusal is about this site, and not about any recipient.
    """
    if reply.code == GONE:
        return Fate.ENDED
    if reply.step == Step.WEB:
        return _of_the_web(reply.code)
    if reply.step == Step.CONNECT or (not reply.code and reply.step == Step.RECIPIENT):
        return Fate.AWAY
    if reply.code // 100 == _PERMANENT:
        return _refusal(reply)
    return _FATES.get(reply.code // 100, Fate.LATER)


def _of_the_web(code: int) -> Fate:
    """An answer that leads elsewhere is a refusal: nobody goes there."""
    if code // 100 == _WELL:
        return Fate.SENT
    return Fate.LATER if code in _FOR_NOW or code // 100 in _NOT_NOW else Fate.REFUSED


def _refusal(reply: Reply) -> Fate:
    status = status_of(reply.text)
    if reply.step == Step.RECIPIENT and status and status[1] == 1:
        return Fate.AWAY if status[2] in _OF_THE_SENDER else Fate.NO_SUCH_ADDRESS
    return Fate.REFUSED


def status_of(text: str) -> tuple[int, int, int] | None:
    """The enhanced status code (RFC 3463) that a text begins with."""
    found = _ENHANCED.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def slows_down(reply: Reply) -> bool:
    """Whether the other side says that too much comes at once."""
    if reply.step == Step.WEB:
        return reply.code == _TOO_MANY
    status = status_of(reply.text)
    return reply.code == 421 or (reply.code == 450 and status is not None and status[:2] == (4, 7))  # noqa: PLR2004


def retry_after(tries: int, chance: float) -> timedelta | None:
    """How long after that many tries the next one is; None after the last. `chance` is from 0 to 1."""
    if tries > len(TRIES):
        return None
    return timedelta(minutes=TRIES[max(tries, 1) - 1] * (1 - SPREAD + 2 * SPREAD * chance))
