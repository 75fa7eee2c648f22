"""The kinds of work, each of which a worker of its own can do.

Such a worker needs no alarm: it looks by itself for what is due, and any number of workers may do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Tasks that go together, and how long nobody looks whether one of them has work."""

    tasks: tuple[str, ...]
    look_each_seconds: float


INDEX = "index"
# Sending mail is no task, but a thread that always looks.
MAIL = "mail"
KINDS: Mapping[str, Kind] = {
    "fetch": Kind(("fetch",), 20),
    INDEX: Kind(("mend_index", "index"), 5),
    "chores": Kind(
        (
            "settle",
            "leave",
            "make_texts",
            "note_topics",
            "tell_followers",
            "go_over_votes",
            "measure",
            "dump",
        ),
        60,
    ),
}
NAMES = (*KINDS, MAIL)
