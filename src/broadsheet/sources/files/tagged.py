"""Files of tagged lines: each line begins with a tag, or goes on with what the tag before it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from broadsheet.papers.record import Record, RecordError
from broadsheet.sources.files.opening import LINE_LIMIT, Source
from broadsheet.sources.files.readings import FileError, Reading, Refusal, record_or_refusal

# Papers of large collaborations have thousands of authors, and several lines for each.
LONGEST = 100_000
# What neither begins nor ends as a record should is one, if it has so many lines.
FEWEST = 3
# The end of an identifier or address that was broken: no word beside it, and none of its own.
_REST = re.compile(r"(?!10\.\d{4}|https?:|www\.|doi\b|arxiv\b|PMC?\d|PMID)\S+(?:\s*\[\w+\])?", re.IGNORECASE)


@dataclass(slots=True)
class Said:
    """What a record says: its tags with their lines, in the order of the file, from `line` on."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    count: int = 0
    size: int = 0

    def add(self, tag: str, text: str) -> None:
        """Note a line; one without a tag belongs to the tag before it. What is far too long is not kept."""
        self.count += 1
        self.size += len(text)
        if self.is_too_long:
            self.tags = self.tags[:1]
        elif tag:
            self.tags.append((tag, [text.strip()]))
        elif self.tags:
            self.tags[-1][1].append(text.strip())

    @property
    def is_too_long(self) -> bool:
        """True for what is no paper any more."""
        return self.count > LONGEST or self.size > LINE_LIMIT

    def values(self, *tags: str) -> list[str]:
        """All that these tags say, in the order of the file; lines stay lines."""
        return ["\n".join(lines).strip() for tag, lines in self.tags if tag in tags]

    def lines(self, *tags: str) -> list[str]:
        """The lines of these tags, in the order of the file."""
        return [line for tag, lines in self.tags if tag in tags for line in lines if line]

    def unbroken(self, *tags: str) -> list[str]:
        """The lines of these tags that have identifiers and addresses: what is broken over lines is whole."""
        whole: list[str] = []
        for tag, lines in self.tags:
            if tag in tags:
                for place, line in enumerate(lines):
                    if place and whole and _REST.fullmatch(line):
                        whole[-1] += line
                    elif line:
                        whole.append(line)
        return whole

    def first(self, *tags: str) -> str:
        """What the first of these tags that says something says first."""
        return next((value for tag in tags for value in self.values(tag) if value), "")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of tagged file is written.

    `tag` finds the tag and the text of a line, `begins` is the tag with which a record begins, `end` matches
    the line after its last one. `parts` mends a line, and takes several apart that were made one.
    """

    tag: Callable[[str], tuple[str, str] | None]
    begins: str
    end: re.Pattern[str]
    parts: Callable[[str], list[str]] = lambda line: [line]


def _nothing_else(_said: Said, _record: Record) -> Iterator[Record]:
    yield from ()


def read(
    source: Source,
    dialect: Dialect,
    to_record: Callable[[Said, Source], Record],
    of_others: Callable[[Said, Record], Iterator[Record]] = _nothing_else,
) -> Iterator[Reading]:
    """Records of a tagged file, one after the other, whatever its size; `of_others` is what a record says of
    other papers.

    Raises FileError where no record begins, BrokenOffError after the last whole record where the data breaks.
    """
    for said, record in read_said(source, dialect, to_record):
        yield record
        if isinstance(record, Record):
            yield from of_others(said, record)


def read_said(
    source: Source, dialect: Dialect, to_record: Callable[[Said, Source], Record]
) -> Iterator[tuple[Said, Record | Refusal]]:
    """What each record of a tagged file says, and what is read from it. Raises as `read`."""
    is_empty = True
    lines = ((number, part) for number, line in source.text_lines() for part in dialect.parts(line))
    for said in records(lines, dialect):
        is_empty = False
        yield said, record_or_refusal(f"line {said.line}", _checked, said, source, to_record)
    if is_empty:
        raise FileError(f"it has no record: none of its lines begins with {dialect.begins}")


def _checked(said: Said, source: Source, to_record: Callable[[Said, Source], Record]) -> Record:
    if said.is_too_long:
        raise RecordError(f"it has more than {LONGEST:,} lines or {LINE_LIMIT >> 20} MB")
    return to_record(said, source)


def records(lines: Iterable[tuple[int, str]], dialect: Dialect) -> Iterator[Said]:
    """The records: what stands before a record's first tag belongs to it, and its end may be missing.

    A few lines that neither begin nor end as a record should are none.
    """
    said, has_begun = Said(0), False
    for number, line in chain(lines, [(0, None)]):
        found = dialect.tag(line) if line is not None else None
        begins = found is not None and found[0] == dialect.begins
        ends = line is None or bool(dialect.end.match(line))
        if ends or (begins and has_begun):
            if has_begun or said.count >= FEWEST:
                yield said
            said, has_begun = Said(0), False
        if line is not None and not ends and (found or said.tags):
            said.line = said.line or number
            said.add(*(found or ("", line)))
            has_begun = has_begun or begins
