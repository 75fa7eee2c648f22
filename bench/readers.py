"""What our readers make of the test inputs of other programs: records, refusals, DOIs and people.

A PATH is a file, a folder, or a translator of Zotero (`RIS.js`), whose test cases are taken out of it. Peer:
what Zotero's translators themselves expect of their inputs.
"""

from __future__ import annotations

import argparse
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from broadsheet.papers.record import Record
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import BrokenOffError, FileError, Refusal
from broadsheet.sources.formats import reader, recognise

NOW = datetime(2026, 11, 29, tzinfo=UTC)
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>{}|\\^`\]]+")
ODD_NAME = re.compile(r"[\\{}<>$]|&\w+;|\bet al\b|;")
# What is said here is about other papers than the record's own.
OTHERS = re.compile(r"^(?:CR|CIN|CON|EIN|EFR|RIN|ROF|UIN|UOF|RPF|D2) ?.*(?:\n {3,}.*)*", re.MULTILINE)


@dataclass
class Suite:
    """The counts of one PATH, and what to look at."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def inputs(path: Path) -> Iterator[tuple[str, bytes, list[Any] | None]]:
    """The inputs of a path by name, and the items that the peer expects, where it says so."""
    if path.is_dir():
        for file in sorted(one for one in path.rglob("*") if one.is_file()):
            yield from inputs(file)
    elif path.suffix == ".js":
        cases = path.read_text().partition("var testCases =")[2]
        found, _ = json.JSONDecoder().raw_decode(cases.lstrip()) if cases else ([], 0)
        for number, case in enumerate(found, start=1):
            if case["type"] == "import":
                yield f"{path.name} {number}", case["input"].encode(), case["items"]
    else:
        yield path.name, path.read_bytes(), None


def measure(name: str, content: bytes, expected: list[Any] | None, suite: Suite) -> None:
    """Read one input and count."""
    suite.counts["inputs"] += 1
    source = Source(name, io.BytesIO(content), NOW)
    records: list[Record] = []
    try:
        known = recognise(source.head)
        for reading in reader(known, page_year=None)(source):
            if isinstance(reading, Record):
                records.append(reading)
            elif isinstance(reading, Refusal):
                suite.counts["refused"] += 1
                suite.notes.append(f"{name}: {reading.place}: {reading.reason}")
    except (FileError, BrokenOffError) as problem:
        suite.counts["files refused"] += 1
        suite.notes.append(f"{name}: {str(problem)[:100]}")
    suite.counts["records"] += len(records)
    people = [author.name for record in records for author in record.authors]
    suite.counts["people"] += len(people)
    for odd in filter(ODD_NAME.search, people):
        suite.counts["odd people"] += 1
        suite.notes.append(f"{name}: a person {odd!r}")
    _count_dois(name, content, records, suite)
    if expected is not None and len(expected) == len(records):
        for item, record in zip(expected, records, strict=True):
            _compare(name, item, record, suite)


def _count_dois(name: str, content: bytes, records: list[Record], suite: Suite) -> None:
    text = OTHERS.sub("", html.unescape(content.decode(errors="replace")))
    written = {found.rstrip(".,;:)").lower() for found in DOI.findall(text)}
    read = {one.value for record in records for one in record.identifiers if one.scheme != "arxiv"}
    suite.counts["DOIs written"] += len(written)
    suite.counts["DOIs read"] += len(read)
    for lost in sorted(
        one for one in written if not any(one.startswith(value) or value.startswith(one) for value in read)
    ):
        suite.counts["DOIs not read"] += 1
        suite.notes.append(f"{name}: DOI {lost}")


def _compare(name: str, item: Any, record: Record, suite: Suite) -> None:
    expected = [one for one in item["creators"] if one["creatorType"] == "author"]
    written = [" ".join(filter(None, (one.get("firstName"), one.get("lastName")))) for one in expected]
    if item.get("DOI") and not any(one.value == item["DOI"].lower() for one in record.identifiers):
        suite.counts["other DOI than the peer"] += 1
        suite.notes.append(
            f"{name}: {record.title[:40]}: {item['DOI']} / {[one.public_id for one in record.identifiers]}"
        )
    if len(written) != len(record.authors):
        suite.counts["other number of people than the peer"] += 1
        suite.notes.append(
            f"{name}: {record.title[:40]}: {written[:8]} / {[one.name for one in record.authors][:8]}"
        )


def main() -> None:
    """Print a line for each path, and with `-v` what to look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("-v", "--verbose", action="store_true")
    asked = parser.parse_args()
    for path in asked.paths:
        suite = Suite()
        for one in inputs(path):
            measure(*one, suite)
        print(f"{path.name}: {', '.join(f'{count:,} {what}' for what, count in suite.counts.items())}")
        if asked.verbose:
            print("\n".join(f"    {note}" for note in suite.notes))


if __name__ == "__main__":
    main()
