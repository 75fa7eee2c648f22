"""PubMed's own format, as its site saves it in `.nbib` and `.txt` (https://www.nlm.nih.gov/bsd/mms/medlineelements.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.identifiers import doi
from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files import tagged
from broadsheet.sources.files.fields import LONGEST_KEY
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading
from broadsheet.sources.files.references import Reference, author_name, published, retraction, to_record
from broadsheet.sources.files.tagged import Dialect, Said

SOURCE = "pubmed"

# ERIC writes the format too, and has no PMID.
_BEGINNING = re.compile(rb"(?:\A|[\r\n])(?:PMID ?- ?\d|OWN - [A-Z])")
_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<text>.*)", re.DOTALL)
_END = re.compile(r"\s*$")
_NUMBER = re.compile(r"\d{1,9}")
_KIND_OF_ID = re.compile(r"\s*\[\w+\]$")
_DOI_IN_SOURCE = re.compile(r"\bdoi: (10\.\S+?)\.?(?:\s|$)", re.IGNORECASE)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SUFFIX = re.compile(r"(?P<before>.*\S) (?P<suffix>Jr\.?|Sr\.?|2nd|3rd|4th|I{2,3}|IV)", re.IGNORECASE)
_SHORT_NAME = re.compile(r"(?P<family>.*\S) (?P<given>[^\W\d_]{1,4})")
_PUBLISHED = ("[aheadofprint]", "[epublish]", "[ppublish]")
_RETRACTED = "retracted publication"


def read(source: Source) -> Iterator[Reading]:
    """Records of a file.

    Raises FileError where no record begins, BrokenOffError after the last whole record where the data breaks.
    """
    return tagged.read(source, Dialect(_tag, "PMID", _END), _to_record, _retractions)


def _looks_like(head: bytes) -> bool:
    return bool(_BEGINNING.search(head))


def _tag(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found["tag"], found["text"]) if found else None


def _to_record(said: Said, source: Source) -> Record:
    reference = Reference(
        title=_title(said),
        abstract=said.first("AB", "OAB"),
        authors=listed(_authors(said)),
        names=tuple(_names(said)),
        published_on=published([*said.values("DP"), *_days(said)]),
        journal=said.first("JT", "TA"),
        volume=said.first("VI"),
        issue=said.first("IP"),
        pages=said.first("PG"),
        keywords=tuple(word.strip("*") for word in said.lines("OT")),
    )
    record = to_record(reference, source=SOURCE, observed_at=source.observed_at)
    number, notice = said.first("PMID"), said.first("RIN")
    return replace(
        record,
        key=number if _NUMBER.fullmatch(number) else record.key,
        retracted=record.retracted or bool(notice) or _RETRACTED in map(str.lower, said.values("PT")),
        notice=" ".join(notice.split()),
    )


def _retractions(said: Said, notice: Record) -> Iterator[Record]:
    """What a notice says of the papers that it retracts."""
    for written in said.values("ROF"):
        for identifier in filter(None, map(doi, _DOI_IN_SOURCE.findall(" ".join(written.split())))):
            if len(identifier.value) <= LONGEST_KEY:
                yield retraction(notice, identifier)


def _title(said: Said) -> str:
    """The title without the full stop, and the brackets of a translated one, that PubMed puts there."""
    title = said.first("TI", "BTI", "TT").removesuffix(".")
    is_translated = title.startswith("[") and title.endswith("]") and title.count("[") == 1
    return title[1:-1].removesuffix(".") if is_translated else title


def _authors(said: Said) -> Iterator[AuthorName]:
    """People by their whole names, else by the short ones; groups stand between them."""
    before = ""
    for tag, lines in said.tags:
        written = " ".join(lines)
        if tag == "FAU":
            yield from _named(*_parts(written))
        elif tag == "CN":
            yield from _named(written, "", "")
        elif tag == "AU" and before != "FAU":
            yield from _named(*(_parts(written) if "," in written else _short_parts(written)))
        before = tag if tag in {"FAU", "AU", "CN"} else before


def _named(family: str, given: str, suffix: str) -> Iterator[AuthorName]:
    if (name := author_name(family, given, suffix)).name:
        yield name


def _parts(written: str) -> tuple[str, str, str]:
    """The parts of `Vale, Ada Jr`."""
    family, _, given = written.partition(",")
    found = _SUFFIX.fullmatch(given)
    return (family, found["before"], found["suffix"]) if found else (family, given, "")


def _short_parts(written: str) -> tuple[str, str, str]:
    """The parts of `Vale AB Jr`."""
    found = _SUFFIX.fullmatch(written)
    name, suffix = (found["before"], found["suffix"]) if found else (written, "")
    short = _SHORT_NAME.fullmatch(name)
    return (short["family"], short["given"], suffix) if short else (name, "", suffix)


def _names(said: Said) -> Iterator[str]:
    for text in said.unbroken("LID", "AID"):
        yield _KIND_OF_ID.sub("", text)
    yield from said.unbroken("DOI")
    yield from _DOI_IN_SOURCE.findall(said.first("SO"))


def _days(said: Said) -> Iterator[str]:
    """The day it came out: of the journal's own, else of the history those on which it was published."""
    history = (day for day in said.values("PHST") if day.endswith(_PUBLISHED))
    yield from (_with_hyphens(day) for day in [*said.values("DEP"), *history][:1])


def _with_hyphens(day: str) -> str:
    return _EIGHT_DIGITS.sub(r"\1-\2-\3", day)


FORMAT = Format("pubmed", "PubMed (nbib)", _looks_like, read)
