"""What bibliographies say beside their papers: BibTeX, RIS and CSL JSON, as other programs and we write it.

`library.taking` writes what is read here; JabRef, BibDesk, EndNote and Zotero have names for the same things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broadsheet.papers.identifiers import parse
from broadsheet.papers.record import RecordError
from broadsheet.sources.files import bibtex, csl, html_notes, library_json, ris
from broadsheet.sources.files.bibtex import Fields
from broadsheet.sources.files.bibtex_texts import freed, shown
from broadsheet.sources.files.mine import (
    Brought,
    Mine,
    entry,
    local_name,
    moment,
    said,
    state_in,
    state_of,
)
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Refusal, Remark
from broadsheet.sources.files.references import separated
from broadsheet.sources.files.tagged import Said

# Where JabRef, BibDesk and BibLaTeX have the date, and notes.
_ADDED = ("date-added", "creationdate", "timestamp")
_NOTE = re.compile(r"(?:annotation|annote|comment|review)\d*")
# A line such as `PMID: 123` or `arXiv:2611.04242 [cs.CL]`.
_FIELD = re.compile(r"\s*[A-Za-z][A-Za-z _-]{0,30}:\s*\S{1,200}(?:\s*\[[\w.-]+\])?\s*\Z")
# What TeX and the grammar of BibTeX read as something else.
_WRITTEN = {sign: f"\\{sign}" for sign in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "@": "{@}",
    '"': "{''}",
}
_SIGN_OF = {written: sign for sign, written in _WRITTEN.items()}
_SPECIAL = re.compile("[" + "".join(map(re.escape, _WRITTEN)) + "]")
_ESCAPED = re.compile("|".join(sorted(map(re.escape, _SIGN_OF), key=len, reverse=True)))
_BRACED = re.compile(r"\{(?:[^{}]|\{[^{}]{0,2}\})*\}")
_TEX = re.compile(r"[\\{}$~^]")
# Under this name CSL JSON has what is our own (`custom`, CSL 1.0.2).
OURS = "broadsheet"


def read_bibtex(source: Source) -> Iterator[Brought]:
    """The entries of a bibliography. Raises as `bibtex.read`."""
    for said_there, reading in bibtex.read_entries(source):
        if isinstance(reading, Refusal | Remark):
            yield reading
        elif said_there:
            yield entry(
                f"line {said_there.line}", reading, _of_bibtex(said_there), local_name(said_there.key)
            )


def read_ris(source: Source) -> Iterator[Brought]:
    """The records of a file. Raises as `ris.read`."""
    for said_there, reading in ris.records(source):
        name = local_name(said_there.first("ID"))
        yield entry(f"line {said_there.line}", reading, _of_ris(said_there), name)


def read_csl(source: Source) -> Iterator[Brought]:
    """The items of a file. Raises as `csl.read`."""
    for place, item, reading in csl.items(source):
        if isinstance(reading, Refusal):
            yield reading
            continue
        try:
            mine = _of_csl(item)
        except RecordError as problem:
            yield Refusal(place, str(problem))
        else:
            name = item.get("id")
            yield entry(place, reading, mine, local_name(name) if isinstance(name, str) else None)


def _of_bibtex(entry: Fields) -> Mine:
    notes = (text for name, text in entry.values.items() if _NOTE.fullmatch(name))
    return said(
        tags=map(_tag, bibtex.guarded_keywords(entry)),
        notes=map(unescaped, notes),
        state=state_of(entry["readstatus"]),
        saved_at=next(filter(None, map(moment, map(entry.__getitem__, _ADDED))), None),
    )


def _tag(written: str) -> str:
    """A keyword without its braces; one with other TeX than `escaped` writes is read as a text of BibTeX."""
    bare = freed(written).strip()
    bare = bare[1:-1] if _BRACED.fullmatch(bare) else bare
    return unescaped(bare) if not _TEX.search(_ESCAPED.sub("", bare)) else freed(shown(written))


def _of_ris(record: Said) -> Mine:
    """What a program wrote of the paper where notes are is no note of mine."""
    notes = [note for note in record.values("N1", "RN") if not _is_of_the_paper(note)]
    return said(
        tags=ris.keywords(record),
        notes=map(html_notes.markdown, notes),
        saved_at=next(filter(None, map(_looked_at, record.values("Y2"))), None),
    )


def _of_csl(item: dict[str, Any]) -> Mine:
    custom = item.get("custom")
    if isinstance(custom, dict) and isinstance(custom.get(OURS), dict):
        return library_json.mine_of(custom[OURS])
    texts = (_text(item, name) for name in ("annote", "note"))
    return said(
        tags=separated(_text(item, "keyword")),
        notes=[html_notes.markdown(text) for text in texts if text and not _is_of_the_paper(text)],
        state=state_in(_text(item, "note")),
    )


def _is_of_the_paper(note: str) -> bool:
    """Whether each line of a note is `Name: value`, as programs write what they have no field for, or names
    a paper.
    """
    return all(_FIELD.match(line) or parse(line) for line in note.splitlines() if line.strip())


def _looked_at(text: str) -> datetime | None:
    """When a record was looked at: RIS writes `2026/05/03/10:11:12`."""
    day, _, time = text.replace("/", "-", 2).partition("/")
    return moment(f"{day} {time.split('/')[0]}".strip()) or moment(day)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def escaped(text: str) -> str:
    """A note as a field of BibTeX, from which `unescaped` gives it back: lines stay lines."""
    return _SPECIAL.sub(lambda sign: _WRITTEN[sign[0]], text)


def unescaped(text: str) -> str:
    """The note that a field holds; TeX beyond single signs stays as it is."""
    return _ESCAPED.sub(lambda found: _SIGN_OF[found[0]], text)
