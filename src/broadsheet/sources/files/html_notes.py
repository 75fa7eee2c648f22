"""Notes that programs keep as HTML, as Markdown: what Zotero's editor can write, and no more."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})(?P<rest>(?:\s[^<>]*)?)/?>")
_IS_HTML = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|blockquote|pre|span|a|b|i|em|strong|br)\b", re.IGNORECASE)
_BETWEEN = re.compile(r";\s*(?=<(?:p|div|h[1-6]|ul|ol|blockquote|pre)\b)", re.IGNORECASE)
# A note of ours is written so where HTML is what a format has for notes.
_EXACT = re.compile(r"\s*<pre>([^<]*(?:<br/>[^<]*)*)</pre>\s*")
_ADDRESS = re.compile(r"href\s*=\s*[\"']([^\"'\s]{1,2000})[\"']", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_STYLES = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "s": "~~", "strike": "~~"}
_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "tr", "pre", "blockquote"})
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
# Lists within lists: as deep as anybody means them.
_DEEPEST = 6


def separated(text: str) -> list[str]:
    """The notes in one text, where it is several of HTML with semicolons between."""
    return _BETWEEN.split(text) if _IS_HTML.match(text) else [text]


def markdown(text: str) -> str:
    """The note as Markdown; what is no HTML stays as it is."""
    if exact := _EXACT.fullmatch(text):
        return html.unescape(exact[1].replace("<br/>", "\n"))
    if not _IS_HTML.match(text):
        return text.strip()
    written = _Note()
    at = 0
    for tag in _TAG.finditer(text):
        written.words(text[at : tag.start()])
        written.tag(tag["name"].lower(), tag["rest"], ends=bool(tag["end"]))
        at = tag.end()
    written.words(text[at:])
    return written.text()


def written(text: str) -> str:
    """A note in Markdown as HTML on one line, from which `markdown` gives it back as it was."""
    paragraphs = text.split("\n\n")
    if all(part and part == " ".join(part.split()) for part in paragraphs):
        return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs)
    return f"<pre>{'<br/>'.join(html.escape(line, quote=False) for line in text.split(chr(10)))}</pre>"


@dataclass(slots=True)
class _Note:
    """A note under way: its parts, and what is open: lists with the number of their last point, and links."""

    parts: list[str] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    is_exact: bool = False

    def words(self, text: str) -> None:
        if text:
            shown = html.unescape(text)
            self.parts.append(shown if self.is_exact else _BLANKS.sub(" ", shown))

    def tag(self, name: str, rest: str, *, ends: bool) -> None:
        if name in _STYLES:
            self.parts.append(_STYLES[name])
        elif name == "br":
            self.parts.append("\n")
        elif name == "a":
            self.parts.append(self._link(rest, ends=ends))
        elif name == "li":
            self.parts.extend([] if ends else [self._point()])
        elif name in _HEADINGS:
            self.parts.append("\n\n" if ends else f"\n\n{_HEADINGS[name]}")
        elif name in _BLOCKS:
            self._block(name, ends=ends)

    def text(self) -> str:
        lines = "".join(self.parts).split("\n")
        return _EMPTY_LINES.sub("\n\n", "\n".join(_trimmed(lines))).strip()

    def _block(self, name: str, *, ends: bool) -> None:
        self.is_exact = name == "pre" and not ends
        if name in {"ul", "ol"}:
            self._list(name, ends=ends)
        elif name == "blockquote" and not ends:
            self.parts.append("\n\n> ")
        elif not self.lists and not (self.parts and self.parts[-1].endswith("> ")):
            self.parts.append("\n\n")
        elif not ends and not (self.parts and self.parts[-1].endswith((" ", "\n"))):
            self.parts.append("\n")

    def _list(self, name: str, *, ends: bool) -> None:
        if not ends:
            self.lists.append(0 if name == "ol" else None)
        else:
            self.lists[-1:] = []
        if len(self.lists) == (0 if ends else 1):
            self.parts.append("\n\n")

    def _point(self) -> str:
        depth = min(max(len(self.lists), 1), _DEEPEST)
        number = self.lists[-1] if self.lists else None
        if number is None:
            return f"\n{'    ' * (depth - 1)}- "
        self.lists[-1] = number + 1
        return f"\n{'    ' * (depth - 1)}{number + 1}. "

    def _link(self, rest: str, *, ends: bool) -> str:
        if ends:
            address = self.links.pop() if self.links else ""
            return f"]({address})" if address else ""
        found = _ADDRESS.search(rest)
        address = html.unescape(found[1]) if found else ""
        self.links.append(address if address.startswith(("https://", "http://")) else "")
        return "[" if self.links[-1] else ""


def _trimmed(lines: list[str]) -> Iterator[str]:
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        # Four blanks are the depth of a list; a single one is what stood between two elements.
        yield (line if indent % 4 == 0 else line.lstrip(" ")).rstrip()
