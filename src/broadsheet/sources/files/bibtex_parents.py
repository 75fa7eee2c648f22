"""What an entry takes over from another one: BibTeX's and BibLaTeX's `crossref`, BibLaTeX's `xdata`.

(https://ctan.org/pkg/biblatex, sections 2.4.1, 3.13.6 and appendix B.) With `xdata=key-field` or, of a list,
`xdata=key-field-2` a field takes over what one field of another entry says. What names the parent and not the
part, such as its DOI, is never taken over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.sources.files.bibtex_entries import Entry, entries

# A chain of parents is followed so far.
_FARTHEST = 20
# What the entries of a file take over may come to its own length and this.
_SPARE = 1 << 20

_REFERRING = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"\s]*([^{}\"\n]*)", re.IGNORECASE)
_GRANULAR = re.compile(
    r"xdata\s*=\s*\{*\s*(?P<key>[^\s{},\"=]+)-(?P<field>[a-z]+)(?:-(?P<place>[1-9]\d{0,3}))?", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"(\s+and\s+)", re.IGNORECASE)
_PARTS = frozenset({"conference", "suppbook", "suppcollection"}) | {
    *("bookinbook", "inbook", "incollection", "inproceedings", "inreference")
}
_IN_A_JOURNAL = frozenset({"article", "suppperiodical"})
_TAKEN_OVER = (
    *("author", "booktitle", "booksubtitle", "issue", "journal", "journaltitle", "number", "publisher"),
    *("series", "subtitle", "title", "volume"),
)
_DATES = ("year", "date", "month", "day")


@dataclass(slots=True)
class Parents:
    """The entries of a file that its other entries refer to, by their keys in lower case."""

    known: dict[str, Entry]
    budget: int
    missing: int = 0
    has_granular: bool = False
    _whole: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Parents:
        """The parents in a bibliography; to find them it is read once more than one without any."""
        named = {key for said in _REFERRING.findall(text) for key in _keys(said)}
        granular = {found["key"].lower() for found in _GRANULAR.finditer(text)}
        named |= granular
        known: dict[str, Entry] = {}
        for found in entries(text) if named else ():
            if isinstance(found, Entry):
                for key in (found.key, *_keys(found.fields.get("ids", ""))):
                    if key.lower() in named:
                        known.setdefault(key.lower(), found)
        return cls(known, budget=len(text) + _SPARE, has_granular=bool(granular))

    def fields_of(self, entry: Entry) -> dict[str, str]:
        """The fields of an entry, and those that it takes over."""
        refers = "crossref" in entry.fields or "xdata" in entry.fields
        if not refers and not (self.has_granular and any(map(_GRANULAR.search, entry.fields.values()))):
            return entry.fields
        return self._inherited(entry, ())

    def _inherited(self, entry: Entry, path: tuple[str, ...]) -> dict[str, str]:
        fields = dict(entry.fields)
        for name, value in entry.fields.items():
            if name != "xdata" and (filled := self._filled(value, path)) != value:
                del fields[name]
                self._take(fields, name, filled)
        for key in _keys(entry.fields.get("xdata", "")):
            for name, value in self._parent(key, path).items():
                self._take(fields, name, value)
        for key in _keys(entry.fields.get("crossref", ""))[:1]:
            self._take_over(fields, entry.kind, self._parent(key, path))
        return fields

    def _filled(self, value: str, path: tuple[str, ...]) -> str:
        """The value, or the list, with what its references stand for; nothing if they lead nowhere."""
        if "xdata" not in value.lower():
            return value
        parts = _BETWEEN_NAMES.split(value)
        found = (_GRANULAR.fullmatch(part.strip("{} \t\n")) for part in parts)
        return "".join(self._said(at, path) if at else part for at, part in zip(found, parts, strict=True))

    def _said(self, reference: re.Match[str], path: tuple[str, ...]) -> str:
        whole = self._parent(reference["key"].lower(), path).get(reference["field"].lower(), "")
        if (left := self.budget - len(whole)) < 0:
            return ""
        self.budget = left
        place = int(reference["place"] or 0)
        # Between the parts of a list stand what separates them.
        return next(iter(_BETWEEN_NAMES.split(whole)[2 * place - 2 :]), "") if place else whole

    def _parent(self, key: str, path: tuple[str, ...]) -> dict[str, str]:
        parent = self.known.get(key)
        self.missing += parent is None and not path
        if parent is None or key in path or len(path) > _FARTHEST:
            return {}
        if key not in self._whole:
            self._whole[key] = self._inherited(parent, (*path, key))
        return self._whole[key]

    def _take_over(self, fields: dict[str, str], kind: str, parent: dict[str, str]) -> None:
        renamed = {}
        if kind in _PARTS:
            renamed = {"title": "booktitle", "subtitle": "booksubtitle"}
        elif kind in _IN_A_JOURNAL:
            renamed = {"title": "journaltitle", "subtitle": "journalsubtitle"}
        is_dated = "year" in fields or "date" in fields
        is_of_that_year = "date" not in fields and fields.get("year") == parent.get("year")
        for name in _TAKEN_OVER:
            if name in parent and name not in renamed:
                self._take(fields, name, parent[name])
        for name, taken in renamed.items():
            if name in parent:
                self._take(fields, taken, parent[name])
        for name in _DATES if not is_dated else ("month", "day") if is_of_that_year else ():
            if name in parent:
                self._take(fields, name, parent[name])

    def _take(self, fields: dict[str, str], name: str, value: str) -> None:
        if name not in fields and (left := self.budget - len(name) - len(value)) >= 0:
            self.budget = left
            fields[name] = value


def _keys(text: str) -> list[str]:
    return [key for key in map(str.strip, text.lower().split(",")) if key]
