"""Deeds: the log of moderation. It is written in the transaction of what it tells of, and never changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from broadsheet.accounts.models import Person
from broadsheet.community.models import REASON_LENGTH, Deed
from broadsheet.papers.text import unpiled

# A deed of this verb hides the reason of another, whose key is its target; the kind of that target.
REDACT, DEED = "redact", "deed"
LOCK = "lock"
WITHHOLD = "withhold"


class ReasonError(ValueError):
    """A deed needs a reason that can be shown; the message says what is wrong with the one given."""


def log(
    actor: Person | None,
    verb: str,
    kind: str,
    target: int,
    *,
    reason: str,
    note: str = "",
    before: Mapping[str, Any] | None = None,
    undoes: Deed | None = None,
    about: int | None = None,
    now: datetime,
) -> Deed:
    """Write down what was done to a target of that kind; the caller holds the transaction of the deed.

    The reason is public, the note is for moderators. `before` is what undoing brings back, and never has what
    people wrote. `about` is the key of the person whose thing it is. Without an actor a rule acted.
    """
    return Deed.objects.create(
        at=now,
        actor=actor.pk if actor else None,
        verb=verb,
        kind=kind,
        target=target,
        about=about,
        reason=cleaned(reason),
        note=cleaned(note),
        before=dict(before or {}),
        undoes=undoes,
    )


def cleaned(text: str) -> str:
    """The reason or note in one line, without signs that cannot be seen. Raises ReasonError."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    line = unpiled(" ".join(seen.split()))
    if len(line) > REASON_LENGTH:
        raise ReasonError(f"A reason has at most {REASON_LENGTH} characters.")
    return line


def needed(reason: str) -> str:
    """The reason, cleaned. Raises ReasonError where there is none."""
    if not (line := cleaned(reason)):
        raise ReasonError("Say why, in a sentence that everybody may read.")
    return line


def locked(roots: Collection[int]) -> set[int]:
    """Which of these comments begin a thread that takes no more answers."""
    return _in_force(LOCK, "comment", roots)


def withheld(kind: str, target: int) -> bool:
    """Whether moderators keep that thing of a room above from everybody but its owner."""
    return bool(_in_force(WITHHOLD, kind, {target}))


def redacted(deeds: Iterable[Deed]) -> set[int]:
    """Which of these deeds have a reason that is hidden."""
    return _in_force(REDACT, DEED, {deed.pk for deed in deeds})


def _in_force(verb: str, kind: str, targets: Collection[int]) -> set[int]:
    """The targets of deeds of that verb that no later deed undid."""
    done = Deed.objects.filter(verb=verb, kind=kind, target__in=targets, undone_by=None)
    return set(done.values_list("target", flat=True))
