"""Zotero RDF, with collections, tags and notes (https://www.zotero.org/support/kb/exporting).

Items stand at the top; what belongs to an item stands within it, or at the top too and is pointed at. A
collection becomes a tag, one within another `outer/inner`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files import html_notes, strict_xml
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.mine import SOURCE, Brought, Mine, entry, moment, said, state_in
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import (
    FileError,
    Remark,
    record_or_refusal,
)
from broadsheet.sources.files.references import Reference, to_record, typed_name
from broadsheet.sources.files.strict_xml import XmlError

_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
}
_ROOT = re.compile(rb"<rdf:RDF\b[^>]*www\.zotero\.org/namespaces/export", re.DOTALL)
_NO_PAPERS = frozenset({"attachment", "note"})
_ABOUT, _RESOURCE = (f"{{{_SPACES['rdf']}}}{name}" for name in ("about", "resource"))
_NAMED = f"{{{_SPACES['rdf']}}}ID"
# Collections within collections: as deep as anybody means them, and no circle is followed.
_DEEPEST = 20
_MOST_PATHS = 200


def read(source: Source) -> Iterator[Brought]:
    """The items of an export. Raises FileError where it is not whole, or has a document type of its own."""
    text, problem = source.text()
    if problem:
        raise FileError(str(problem))
    try:
        # It may say that it is in another encoding, which has been read by now.
        root = strict_xml.parse(_without_declaration(text).encode())
    except (XmlError, UnicodeEncodeError) as wrong:
        raise FileError(
            f"it {wrong}" if isinstance(wrong, XmlError) else "it holds half a character"
        ) from wrong
    yield from _Export(root, source.observed_at).entries()


def looks_like(head: bytes) -> bool:
    """True for RDF in which Zotero's own names occur."""
    return bool(_ROOT.search(head[: 1 << 16]))


def _without_declaration(text: str) -> str:
    return re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text)


@dataclass(slots=True)
class _Export:
    """A whole export: its root, its elements by what they are about, and the collections of each."""

    root: Any
    observed_at: datetime
    by_name: dict[str, Any] = field(init=False)
    tags: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {_name(one): one for one in self.root if _name(one)}
        self.tags = _Collections(self).tags()

    def entries(self) -> Iterator[Brought]:
        items = [one for one in self.root if _text(one, "z:itemType") not in {"", *_NO_PAPERS}]
        for item in items:
            place = f"line {item.sourceline}"
            read = record_or_refusal(place, _to_record, self, item)
            yield entry(place, read, self._mine(item))
        if not items:
            raise FileError("it holds no item of Zotero")
        if alone := self._notes_alone(items):
            yield Remark(f"{alone} of its notes belong to no item and are left out")

    def node(self, element: Any) -> Any | None:
        """What an element holds or points at."""
        if (name := element.get(_RESOURCE)) is not None:
            return self.by_name.get(name)
        return next(iter(element), None)

    def nodes(self, element: Any, path: str) -> Iterator[Any]:
        """What the elements of that path hold or point at."""
        for one in element.iterfind(path, _SPACES):
            if (found := self.node(one)) is not None:
                yield found

    def _mine(self, item: Any) -> Mine:
        memos = [one for one in self.nodes(item, "dcterms:isReferencedBy") if _is(one, "bib:Memo")]
        return said(
            tags=[*self._subjects(item), *self.tags.get(_name(item), ())],
            notes=[html_notes.markdown(_text(memo, "rdf:value")) for memo in memos],
            state=state_in(_text(item, "dc:description")),
            saved_at=next(filter(None, map(moment, _dates(item))), None),
        )

    def _subjects(self, item: Any) -> Iterator[str]:
        for subject in item.iterfind("dc:subject", _SPACES):
            held = self.node(subject)
            yield _all_text(subject) if held is None else _text(held, "rdf:value")

    def _notes_alone(self, items: list[Any]) -> int:
        named = {id(one) for item in items for one in self.nodes(item, "dcterms:isReferencedBy")}
        return sum(_is(one, "bib:Memo") and id(one) not in named for one in self.root)


@dataclass(slots=True)
class _Collections:
    """The collections of an export, and what is in each, by their names."""

    export: _Export
    titles: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)
    within: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def tags(self) -> dict[str, list[str]]:
        """The tags of each item: the paths of its collections."""
        for one in self.export.root:
            if _is(one, "z:Collection"):
                name = _name(one)
                self.titles[name] = " ".join(_text(one, "dc:title").split()) or "collection"
                parts = one.iterfind("dcterms:hasPart", _SPACES)
                self.parts[name] = [part.get(_RESOURCE, "") for part in parts]
        for name, parts in self.parts.items():
            for part in parts:
                self.within[part].append(name)
        found: dict[str, list[str]] = defaultdict(list)
        for name, parts in self.parts.items():
            paths = self._paths(name, _DEEPEST)[:_MOST_PATHS]
            for part in parts:
                if part not in self.titles:
                    found[part].extend(paths)
        return found

    def _paths(self, name: str, depth: int) -> list[str]:
        outer = self.within.get(name) if depth else None
        if not outer:
            return [self.titles[name]]
        paths = [path for one in outer[:1] for path in self._paths(one, depth - 1)]
        return [f"{path}/{self.titles[name]}" for path in paths]


def _to_record(export: _Export, item: Any) -> Record:
    wholes = [*_wholes(export, item)]
    journal = next((title for whole in wholes if (title := _text(whole, "dc:title"))), "")
    elements = [item, *wholes]
    reference = Reference(
        title=_text(item, "dc:title"),
        kind=kind_of(_text(item, "z:itemType"), _text(item, "z:type")),
        abstract=_text(item, "dcterms:abstract"),
        authors=listed(_authors(export, item)),
        names=tuple(_names(elements)),
        urls=tuple(_text(one, "rdf:value") for one in export.nodes(item, "dc:identifier")),
        published_on=day_in(_text(item, "dc:date")),
        journal=journal,
        volume=_first(elements, "prism:volume"),
        issue=_first(elements, "prism:number") if wholes else "",
        pages=_text(item, "bib:pages"),
    )
    return to_record(reference, source=SOURCE, observed_at=export.observed_at)


def _wholes(export: _Export, item: Any) -> Iterator[Any]:
    """What an item is a part of, and what that is a part of."""
    for whole in export.nodes(item, "dcterms:isPartOf"):
        yield whole
        yield from export.nodes(whole, "dcterms:isPartOf")


def _authors(export: _Export, item: Any) -> Iterator[AuthorName]:
    for sequence in export.nodes(item, "bib:authors"):
        for person in export.nodes(sequence, "rdf:li"):
            given = _text(person, "foaf:givenName") or _text(person, "foaf:givenname")
            name = typed_name(_text(person, "foaf:surname") or _text(person, "foaf:name"), given, "")
            if name.name:
                yield name


def _names(elements: list[Any]) -> Iterator[str]:
    """Where identifiers may be: those of the item and of what it is in, its number, and lines of Extra."""
    for element in elements:
        for one in element.iterfind("dc:identifier", _SPACES):
            if not len(one):
                yield _all_text(one)
        yield _text(element, "prism:number")
    yield _text(elements[0], "dc:coverage")
    yield from _text(elements[0], "dc:description").splitlines()


def _dates(item: Any) -> Iterator[str]:
    """When it was added; Zotero itself tells only when the page was looked at, which is mostly the same."""
    for path in ("z:dateAdded", "dcterms:dateAccepted", "dcterms:created", "dcterms:dateSubmitted"):
        yield _text(item, path)


def _first(elements: list[Any], path: str) -> str:
    return next((text for one in elements if (text := _text(one, path))), "")


def _name(element: Any) -> str:
    if name := element.get(_ABOUT):
        return str(name)
    return f"#{name}" if (name := element.get(_NAMED)) else ""


def _is(element: Any, name: str) -> bool:
    space, _, local = name.partition(":")
    return bool(element.tag == f"{{{_SPACES[space]}}}{local}")


def _text(element: Any, path: str) -> str:
    found = element.find(path, _SPACES)
    return "" if found is None else _all_text(found)


def _all_text(element: Any) -> str:
    return "".join(element.itertext()).strip()
