"""How bibliographies of other programs' test suites are read: what is refused, lost, joined, or left in TeX.

Give folders with `.bib` files. DOIs and people are counted by rules of this script's own: a DOI is what a
field `doi` holds from `10.` on; people are what stands between semicolons and between
`and`s that no brace protects.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.papers.record import Record
from broadsheet.sources.files import bibtex
from broadsheet.sources.files.bibtex_entries import Broken, Entry, entries
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import BrokenOffError, FileError, Refusal, Remark

ENDINGS = (".bib", ".bibtex", ".biblatex")
SEEN = datetime(2026, 11, 29, tzinfo=UTC)
DOI = re.compile(r"10\.\d{4,9}/\S+")
TEX = re.compile(r"[\\{}$]")
OTHERS = ("others", "et al", "et al.")


@dataclass
class Counts:
    """What was counted in one folder, and the sentences about what went wrong."""

    numbers: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def main() -> None:
    """Count each folder, and print a table and the notes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--notes", action="store_true", help="say each refusal, lost DOI and odd name")
    asked = parser.parse_args()
    columns = (
        "files",
        "unreadable",
        "records",
        "refused",
        "people",
        "joined or torn",
        "with TeX",
        "DOIs",
        "lost",
    )
    print("folder", *columns, sep="\t")
    for folder in asked.folders:
        counts = Counts()
        for path in sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS):
            count(path, counts)
        print(folder.name, *(counts.numbers[name] for name in columns), sep="\t")
        if asked.notes:
            print(*counts.notes, sep="\n", file=sys.stderr)


def count(path: Path, counts: Counts) -> None:
    """Read one file, entry by entry beside what this script finds in it."""
    content = path.read_bytes()
    counts.numbers["files"] += 1
    try:
        readings = list(bibtex.read(Source(path.name, io.BytesIO(content), SEEN)))
        text, _ = Source(path.name, io.BytesIO(content), SEEN).text()
    except (FileError, BrokenOffError) as problem:
        counts.numbers["unreadable"] += 1
        counts.notes.append(f"{path.name}: {problem}")
        return
    found = [one for one in entries(text) if is_paper(one)]
    readings = [reading for reading in readings if not isinstance(reading, Remark)]
    for entry, reading in zip(found, readings, strict=True):
        if isinstance(reading, Refusal):
            counts.numbers["refused"] += 1
            counts.notes.append(f"{path.name}, {reading.place}: {reading.reason}")
        else:
            counts.numbers["records"] += 1
            compare(path.name, entry, reading, counts)


def is_paper(found: Entry | Broken) -> bool:
    """Whether the importer has to say something about it."""
    return found.is_entry if isinstance(found, Broken) else found.kind not in bibtex.NO_PAPERS


def compare(file: str, entry: Entry, record: Record, counts: Counts) -> None:
    """What an entry says beside what its record says."""
    place = f"{file}, line {entry.line}"
    counts.numbers["people"] += len(record.authors)
    written = people(entry.fields.get("author", ""))
    if "author" in entry.fields and len(written) != len(record.authors):
        counts.numbers["joined or torn"] += 1
        counts.notes.append(f"{place}: {written} gave {[author.name for author in record.authors]}")
    for author in record.authors:
        if TEX.search(author.name):
            counts.numbers["with TeX"] += 1
            counts.notes.append(f"{place}: {author.name}")
    if doi := written_doi(entry.fields.get("doi", "")):
        counts.numbers["DOIs"] += 1
        values = {name.value for name in record.identifiers}
        if doi not in values and doi.removeprefix("10.48550/arxiv.") not in values:
            counts.numbers["lost"] += 1
            counts.notes.append(f"{place}: {doi} is lost")


def written_doi(text: str) -> str | None:
    """The DOI in a field, without TeX."""
    found = DOI.search(re.sub(r"[\\{}]|\$(?=[<>])|(?<=[<>])\$", "", text))
    return found and found[0].lower().partition("?")[0].rstrip(".,;")


def people(text: str) -> list[str]:
    """The parts of an author field between the `and`s outside of braces."""
    depth, names = 0, [[]]
    for word in re.findall(r"\s+|[^\s]+", text):
        if depth == 0 and word.lower() == "and":
            names.append([])
        else:
            names[-1].append(word)
        depth += word.count("{") - word.count("}")
    found = (part.strip(" {}\n\t") for name in names for part in "".join(name).split(";"))
    return [name for name in found if name and name.lower() not in OTHERS]


if __name__ == "__main__":
    main()
