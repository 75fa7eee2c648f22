"""The grammar of a BibTeX file: entries with their fields, macros written out, and what is broken.

An entry ends where its brackets close, and at the latest where a line begins another entry, so that what
is broken costs one entry. Reading takes time in proportion to the text: each place is looked at a few
times at most, and what macros are written out to is bounded (see `_Macros`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_EXPANSION = 64 << 10
# What macros may come to in a file, beyond its own length.
_SPARE = 1 << 20

# After a bracket that is round, a key or a field must follow: mails and sentences have such brackets, too.
_OPENING = (
    r"@[ \t]*(?P<kind>[A-Za-z][\w-]*+)\s*(?:(?P<bracket>\{)"
    r"|\((?=\s*[^\s(){},=\"]*\s*[,=]|[^(){},=@\n]{1,200},\s*[\w-]+\s*=))"
)
_BEGINNING = re.compile(rf"^[ \t]*{_OPENING}", re.MULTILINE)
# A percent sign hides the rest of its line, as in biber.
_NEXT = re.compile(rf"%[^\n]*|{_OPENING}")
_COMMENT = re.compile(r"@[ \t]*comment\s*\{|\\[{}]|[{}]", re.IGNORECASE)
_BLANKS = re.compile(r"\s*(?:%[^\n]*\s*)*")
_BETWEEN_FIELDS = re.compile(r"[\s,]*(?:%[^\n]*[\s,]*)*")
_BETWEEN_PIECES = re.compile(r"[\s#]*(?:%[^\n]*[\s#]*)*")
_NAME = re.compile(r"([^\s={}\",#%()]++)\s*=")
_KEY_CHARACTERS = r"[^,={}]++|\{[^{}]*+(?>(?:\{[^{}]*+\}[^{}]*+)*)\}"
_KEY = re.compile(rf"(?>(?:{_KEY_CHARACTERS})*)")
_LAST_WORD = re.compile(r"\S*\s*\Z")
# Words without braces or quotes, as far as they are not the name of the next field.
_BARE_WORD = r"[^\s,#{}\"=%]++"
_BARE = {
    bracket: re.compile(rf"{word}(?>(?:[ \t]++{word}(?!\s*=))*)")
    for bracket, word in (("}", _BARE_WORD), (")", _BARE_WORD.replace("=", "=)")))
}
_ALL_BRACES = re.compile(r"[{}\"]")
_BARE_BRACES = re.compile(r"\\.|[{}\"]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: the line where it begins, its kind and the names of its fields in lower case, its key."""

    line: int
    kind: str
    key: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry, or a macro, that cannot be used, with the line where it begins and what is wrong."""

    line: int
    reason: str
    is_entry: bool


class _BrokenError(Exception):
    """What is read here cannot be used; the message says why."""


class _OpenError(_BrokenError):
    """The text ends before what was opened is closed."""


def entries(text: str) -> Iterator[Entry | Broken]:
    """The entries in the order of the text; preambles, comments and what stands between entries are none.

    A line may end in any way. The first of two fields of one name counts, as in BibTeX.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    macros = _Macros(budget=len(text) + _SPARE)
    comments = _comments(text)
    line, counted = 1, 0
    for start, end in _pieces(text, comments):
        for opening, found in _Piece(text, end, macros).read(start, comments):
            line, counted = line + text.count("\n", counted, opening), opening
            if isinstance(found, Entry):
                yield Entry(line, found.kind, found.key, found.fields)
            else:
                yield Broken(line, found.reason, found.is_entry)


def _comments(text: str) -> dict[int, int]:
    """Where each `@comment{…}` ends, by where it begins: what is in it is not read."""
    if "@comment" not in text.lower():
        return {}
    ends: dict[int, int] = {}
    waiting: list[int] = []
    for mark in _COMMENT.finditer(text):
        if mark[0][0] == "\\":
            continue
        if mark[0] != "}":
            waiting.append(-1 if mark[0] == "{" else mark.start())
        elif waiting and (start := waiting.pop()) >= 0:
            ends[start] = mark.end()
    return ends


def _pieces(text: str, comments: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The text cut at the lines that begin an entry, but for those within a comment."""
    start = free_from = 0
    for beginning in _BEGINNING.finditer(text):
        if beginning.start() >= free_from:
            yield start, beginning.start()
            start = beginning.start()
            free_from = comments.get(text.index("@", start), 0)
    yield start, len(text)


@dataclass(slots=True)
class _Macros:
    """The macros so far. A value has LONGEST_EXPANSION characters at most once they are written out.

    A macro that would be longer is None. All macros of a file together come to no more than `budget`.
    """

    budget: int
    values: dict[str, str | None] = field(default_factory=dict)

    def written_out(self, name: str) -> str | None:
        """What a bare word stands for: itself, if no macro has that name; None if that is too long."""
        value = self.values.get(name.lower(), name)
        self.budget -= 0 if value is name else len(value or "")
        return value if self.budget >= 0 else None


@dataclass(slots=True)
class _Piece:
    """The text up to where the next entry begins, being read at a place."""

    text: str
    end: int
    macros: _Macros
    at: int = 0
    closing: str = "}"
    braces: re.Pattern[str] = _BARE_BRACES

    def read(self, start: int, comments: dict[int, int]) -> Iterator[tuple[int, Entry | Broken]]:
        """What is in the piece, each with the place where it begins."""
        self.at = start
        while opening := _NEXT.search(self.text, self.at, self.end):
            self.at = opening.end()
            if not opening["kind"]:
                continue
            kind = opening["kind"].lower()
            self.closing = "}" if opening["bracket"] else ")"
            if kind == "comment":
                self.at = comments.get(opening.start(), self.at)
            elif found := self._block(kind):
                yield opening.start(), found

    def _block(self, kind: str) -> Entry | Broken | None:
        start = self.at
        try:
            try:
                return self._closed(kind)
            except _OpenError:
                # BibTeX itself counts braces with a backslash before them, too.
                self.at, self.braces = start, _ALL_BRACES
                return self._closed(kind)
        except _OpenError:
            self.at = self.end
            return Broken(0, "a brace or quote of it is not closed", kind not in ("string", "preamble"))
        except _BrokenError as problem:
            return Broken(0, str(problem), kind != "string")

    def _closed(self, kind: str) -> Entry | None:
        if kind == "preamble":
            self._delimited("{" if self.closing == "}" else "(")
            return None
        if kind == "string":
            for name, value in self._fields():
                self.macros.values[name] = value
            return None
        key = self._key()
        fields: dict[str, str] = {}
        for name, value in self._fields():
            if value is None:
                raise _BrokenError(f"its field {name!r} is too long when its macros are written out")
            fields.setdefault(name, value.strip())
        return Entry(0, kind, key, fields)

    def _key(self) -> str:
        """The key, or nothing where the first field comes at once; the comma after it may be forgotten."""
        self._skip(_BLANKS)
        found = _KEY.match(self.text, self.at, self.end)
        said = found[0] if found else ""
        following = self.text[self.at + len(said) : self.at + len(said) + 1]
        if following == "=":
            last = _LAST_WORD.search(said)
            said = said[: last.start()] if last else said
        self.at += len(said)
        return said.strip()

    def _fields(self) -> Iterator[tuple[str, str | None]]:
        """The fields up to the closing bracket; the commas between them may be forgotten."""
        before = ""
        while True:
            self._skip(_BETWEEN_FIELDS)
            if self.at >= self.end:
                raise _OpenError
            if self.text[self.at] == self.closing:
                self.at += 1
                return
            name = _NAME.match(self.text, self.at, self.end)
            if name is None:
                raise _BrokenError(self._no_field(before))
            self.at = name.end()
            before = name[1].lower()
            yield before, self._value()

    def _no_field(self, before: str) -> str:
        # A whole line may be as long as the file.
        line = self.text[self.at : min(self.at + 200, self.end)].partition("\n")[0].strip()
        place = f"after the field {before[:60]!r}" if before else "after the key"
        return f"it is broken {place}: there should be a comma and `name = value`, not {line[:40]!r}"

    def _value(self) -> str | None:
        """What a value stands for, its pieces joined; None where macros make it too long."""
        parts: list[str | None] = []
        is_written_out = False
        self._skip(_BETWEEN_PIECES)
        while self.at < self.end:
            sign = self.text[self.at]
            if sign in '{"':
                self.at += 1
                parts.append(self._delimited(sign))
            elif bare := _BARE[self.closing].match(self.text, self.at, self.end):
                self.at = bare.end()
                parts.append(self.macros.written_out(bare[0]))
                is_written_out = True
            else:
                break
            self._skip(_BLANKS)
            if not self.text.startswith("#", self.at, self.end):
                break
            self._skip(_BETWEEN_PIECES)
        whole = [part for part in parts if part is not None]
        if is_written_out and (len(whole) < len(parts) or sum(map(len, whole)) > LONGEST_EXPANSION):
            return None
        return "".join(whole)

    def _delimited(self, sign: str) -> str:
        """What stands between here and the brace, quote or bracket that closes what `sign` has opened."""
        start = self.at
        closing = {"{": "}", '"': '"', "(": ")"}[sign]
        # Most values have no braces in them.
        end = self.text.find(closing, start, self.end)
        if (
            end >= 0
            and sign != "("
            and not _ALL_BRACES.search(self.text, start, end)
            and self.text[end - 1] != "\\"
        ):
            self.at = end + 1
            return self.text[start:end]
        depth = 0
        for mark in self.braces.finditer(self.text, start, self.end):
            if depth == 0 and mark[0] == closing:
                self.at = mark.end()
                return self.text[start : mark.start()]
            depth += (mark[0] == "{") - (mark[0] == "}")
        raise _OpenError

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at, self.end):
            self.at = found.end()
