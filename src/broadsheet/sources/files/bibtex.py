"""BibTeX and BibLaTeX bibliographies (https://ctan.org/pkg/biblatex, sections 2.1 to 2.3).

Titles and abstracts keep their TeX, but for the braces that only protect capitals; names are in Unicode. A
bibliography is read entry by entry, as each one begins a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from broadsheet.papers.record import AuthorName, Record
from broadsheet.papers.text import plain
from broadsheet.sources.files.dates import day_in, month_of
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Reading, Refusal, Remark, record_or_refusal
from broadsheet.sources.files.references import Reference, author_name, separated, to_record

SOURCE = "bibtex"

# An entry with a key, or a macro; Python's decorators and rules of CSS look otherwise.
_ENTRY_OR_MACRO = re.compile(
    rb"^[ \t]*@(?:(?:string|preamble)\s*[{(]|(?!comment)[a-z]+\s*[{(]\s*[^\s{}()=,]*\s*,)",
    re.IGNORECASE | re.MULTILINE,
)
# The parser, too, takes such a line for the end of whatever was not closed before it.
_BEGINNING = re.compile(r"^[ \t]*@\w*[ \t]*[{(]", re.MULTILINE)
_NO_ENTRY = re.compile(r"\s*@(?:string|preamble|comment)\b", re.IGNORECASE)
_URL = re.compile(r"\{?\\url\s*\{([^{}]*)\}\}?")
_ESCAPED = re.compile(r"\{?\\([_%#&~$])\}?")
_OTHERS = frozenset({"others", "et al.", "et al"})
# A value is made of pieces joined by `#`: in braces, in quotes, a number, or the name of a macro.
_PIECE = re.compile(r"[\s#]*(?:(?P<opening>[{\"])|(?P<bare>[^\s#\"{}]+))")
_MARKS = re.compile(r"\\.|[{}\"]", re.DOTALL)
# Braces around an argument, and around a group that TeX needs: `{\em x}`, `{\o}`, `{\'\i}`.
_TOKENS = re.compile(
    r"""(?P<maths>\$\$?[^$]*\$\$?|\\\(.{0,1000}?\\\))
    |(?P<argument>(?:\\(?:href|textcolor)\s*\{[^{}]*\}\s*|\\(?:[A-Za-z]+\*?|[^A-Za-z&%$#_{}\\])\s*|[\^_])(?=\{))
    |(?P<escape>\\.)
    |(?P<symbol>\{\s*\\(?:[A-Za-z]+|[^A-Za-z{}]\s*\\[ij])\s*\})
    |(?P<style>\{\s*\\[A-Za-z]{2,}(?![A-Za-z]|\s*\{))
    |(?P<brace>[{}])""",
    re.DOTALL | re.VERBOSE,
)


def read(source: Source) -> Iterator[Reading]:
    """Records of the entries of a bibliography; macros, preambles and comments are none.

    Raises FileError where it is not UTF-8 or has no entry, BrokenOffError after the last whole entry where
    the data breaks.
    """
    text, problem = source.text()
    bibliography = _Bibliography(source.observed_at)
    for line, block, is_last in _blocks(text):
        if problem and is_last:
            raise problem
        yield from bibliography.readings(line, block)
    if not bibliography.count:
        raise problem or FileError("it has no BibTeX entry")
    if bibliography.referring:
        yield Remark(
            f"{bibliography.referring} of the entries refer to another one (crossref);"
            " what only that one says is left out"
        )


def _blocks(text: str) -> Iterator[tuple[int, str, bool]]:
    """The text cut where something begins: the first line of each piece, the piece, and if it is the last."""
    starts = [0, *(found.start() for found in _BEGINNING.finditer(text)), len(text)]
    line = 1
    for start, end in pairwise(starts):
        if start < end:
            yield line, text[start:end], end == len(text)
            line += text.count("\n", start, end)


@dataclass(slots=True)
class _Bibliography:
    """A bibliography under way: its macros, the lines of its citation keys, and what was counted."""

    observed_at: datetime
    macros: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0
    referring: int = 0

    def readings(self, first_line: int, text: str) -> Iterator[Reading]:
        for block in Splitter(text).split().blocks:
            line = first_line + (block.start_line or 0)
            whole = _whole(block)
            if isinstance(whole, String):
                self.macros[whole.key.lower()] = _value(whole.value, self.macros)
            elif isinstance(whole, Entry):
                yield self._entry(line, whole)
            elif isinstance(whole, ParsingFailedBlock):
                yield self._broken(line, whole)

    def _entry(self, line: int, entry: Entry) -> Record | Refusal:
        self.count += 1
        first = self.lines.setdefault(entry.key.lower(), line) if entry.key else line
        if first != line:
            return Refusal(f"line {line}", f"its key {entry.key[:60]!r} is that of the entry in line {first}")
        said = _Fields.of(entry, self.macros)
        self.referring += bool(said["crossref"])
        return record_or_refusal(f"line {line}", _to_record, said, observed_at=self.observed_at)

    def _broken(self, line: int, block: ParsingFailedBlock) -> Refusal | Remark:
        said = getattr(block.error, "abort_reason", "").strip()
        reason = (
            f"it is broken: {said}" if "end of file" not in said else "a brace or quote of it is not closed"
        )
        if _NO_ENTRY.match(block.raw or ""):
            return Remark(f"line {line}: {reason}")
        self.count += 1
        return Refusal(f"line {line}", reason)


def _whole(block: Any) -> Any:
    """The entry itself, where only a field of it is there twice: the first one counts, as in BibTeX."""
    return getattr(block, "ignore_error_block", None) or block


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of an entry, by names in lower case; one that is not there is empty."""

    values: dict[str, str]
    macros: dict[str, str]

    @classmethod
    def of(cls, entry: Entry, macros: dict[str, str]) -> _Fields:
        values: dict[str, str] = {}
        for one in entry.fields:
            values.setdefault(one.key.lower(), one.value)
        return cls(values, macros)

    def __getitem__(self, name: str) -> str:
        expression = self.values.get(name)
        return _value(expression, self.macros) if expression else ""

    def first(self, *names: str) -> str:
        """The first of these fields that says something."""
        return next(filter(None, map(self.__getitem__, names)), "")


def _to_record(said: _Fields, *, observed_at: datetime) -> Record:
    subtitle = said["subtitle"]
    title = f"{said['title']}: {subtitle}" if subtitle else said["title"]
    journal = said.first("journal", "journaltitle", "booktitle", "series")
    reference = Reference(
        title=_without_protection(title),
        abstract=_without_protection(said["abstract"]),
        authors=tuple(_authors(said["author"])),
        names=tuple(_names(said)),
        urls=(_address(said["url"]), _address(said["howpublished"])),
        published_on=day_in(said["date"]) or month_of(said["year"] or said["date"], said["month"]),
        journal=_shown(journal),
        volume=_shown(said["volume"]),
        issue=_shown(said.first("number", "issue")),
        pages=_shown(said["pages"]),
        keywords=tuple(map(_shown, separated(said.first("keywords", "keyword")))),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _names(said: _Fields) -> Iterator[str]:
    """Where identifiers may be: arXiv's own fields first, notes as Zotero and Google Scholar write them."""
    archive = said.first("archiveprefix", "eprinttype").lower()
    if archive in ("", "arxiv"):
        yield f"arXiv:{said['eprint'].lower().removeprefix('arxiv:').strip()}"
    yield said["doi"].replace("\\", "")
    yield from (said[name] for name in ("arxivid", "number", "note"))


def _address(text: str) -> str:
    r"""The web address in a field, which some write as `\url{...}` and with TeX's escapes."""
    return _ESCAPED.sub(r"\1", _URL.sub(r"\1", text.strip()))


def _authors(text: str) -> Iterator[AuthorName]:
    for written in split_multiple_persons_names(text):
        parts = parse_single_name_into_parts(written, strict=False)
        family, given, suffix = (" ".join(words) for words in (parts.von + parts.last, parts.first, parts.jr))
        name = author_name(_shown(family), _shown(given), _shown(suffix))
        if name.name and name.name.lower() not in _OTHERS:
            yield name


def _value(expression: str, macros: dict[str, str]) -> str:
    """What a value stands for, without its braces or quotes; a macro that nobody defined is its own name."""
    if expression.startswith("{") and expression.find("}") == len(expression) - 1:  # most are one such piece
        return expression[1:-1].strip()
    parts, at = [], 0
    while piece := _PIECE.match(expression, at):
        if piece["opening"]:
            at = _end_of_piece(expression, piece.end() - 1)
            parts.append(expression[piece.end() : at - 1])
        else:
            at = piece.end()
            parts.append(macros.get(piece["bare"].lower(), piece["bare"]))
    return "".join(parts).strip()


def _end_of_piece(text: str, start: int) -> int:
    """Where the text goes on after the piece that opens at `start`; its end if it is not closed."""
    is_quoted, depth = text[start] == '"', 0
    for mark in _MARKS.finditer(text, start + is_quoted):
        depth += (mark[0] == "{") - (mark[0] == "}")
        if depth <= 0 and mark[0] == ('"' if is_quoted else "}"):
            return mark.end()
    return len(text)


def _shown(text: str) -> str:
    """A name or a short text in Unicode."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return text
    return plain(_without_protection(text))


def _without_protection(text: str) -> str:
    r"""The text without the braces that tell BibTeX what to leave as it is: `{BERT}`, but not `{\o}`.

    Those that are arguments, or that end a change of style, stay.
    """
    if "{" not in text and "}" not in text:
        return text
    closings: list[str] = []  # what is written where each open group ends
    parts, at, opens_argument = [], 0, False
    for token in _TOKENS.finditer(text):
        parts.append(text[at : token.start()])
        parts.append(_kept(token, closings, opens_argument=opens_argument))
        at, opens_argument = token.end(), token.lastgroup == "argument"
    return "".join([*parts, text[at:]])


def _kept(token: re.Match[str], closings: list[str], *, opens_argument: bool) -> str:
    """What is written for a token, once it is noted what belongs where its group ends."""
    shown = token[0]
    if shown == "}":
        return closings.pop() if closings else ""
    if shown == "{":
        closings.append("}" if opens_argument else "")
        return "{" if opens_argument else ""
    if token.lastgroup == "style":
        closings.append("}")
    return shown


def _looks_like(head: bytes) -> bool:
    return bool(_ENTRY_OR_MACRO.search(head))


FORMAT = Format("bibtex", "BibTeX", _looks_like, read)
