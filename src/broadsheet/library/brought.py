"""What a person asks of an import, and what they are told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.library.models import State
from broadsheet.papers.identifiers import SCHEMES, Identifier
from broadsheet.papers.record import Record
from broadsheet.sources.files.mine import Entry
from broadsheet.sources.files.readings import printable

# So many lines about entries, and sentences about the file, are given.
MOST_LINES, MOST_REMARKS = 50_000, 1_000


class BringingError(ValueError):
    """Nothing of the file can be used; the message says why."""


class Outcome(StrEnum):
    """What becomes of an entry of a file.

    New is what was not kept before, merged what was and gets tags, notes or an earlier date, or what the file
    has twice; known has all that already; arXiv is asked for what it may know.
    """

    NEW = "new"
    MERGED = "merged"
    KNOWN = "known"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is brought in: its format, empty for what it looks like; the state for papers of which it
    says none; whether papers that the catalogue does not have are added to it.
    """

    state: str = State.TO_READ
    format: str = ""
    adds: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of an entry: where it stands in the file, its paper, and why."""

    place: str
    outcome: Outcome
    paper: str = ""
    title: str = ""
    reason: str = ""


@dataclass(slots=True)
class Report:
    """What becomes of a file, or would in a dry run: of all entries in numbers, and of each in a line.

    So many papers were `added` to the catalogue. `remarks` say what else was left out.
    """

    is_dry: bool
    counts: Counter[Outcome] = field(default_factory=Counter)
    added: int = 0
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def tell(self, line: Line) -> None:
        """Count an entry."""
        self.counts[line.outcome] += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)

    def remark(self, text: str) -> None:
        """Say something about the file."""
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(printable(text))


@dataclass(slots=True)
class Found:
    """A paper of a file, with its entries: one of the catalogue, under the name by which it is kept, or one
    that is to be made of a record.
    """

    entries: list[Entry]
    paper: int | None = None
    named: str = ""
    record: Record | None = None


def names(entry: Entry) -> Sequence[Identifier]:
    """The names by which the paper of an entry is looked for, the strongest first."""
    of_record = entry.record.identifiers if entry.record else ()
    found = {*of_record, *filter(None, [entry.name])}
    return sorted(found, key=lambda name: (SCHEMES.index(name.scheme), name.value))


def line(entry: Entry, outcome: Outcome, paper: str = "", reason: str = "") -> Line:
    """What becomes of an entry, as it is told."""
    title = " ".join(entry.record.title.split()) if entry.record else ""
    name = paper or next((name.public_id for name in names(entry)), "")
    return Line(entry.place, outcome, name, printable(title), reason)
