"""Texts that are not UTF-8: how they are recognised and read.

UTF-16 is known by its mark, or by the zeros that every other byte of a Western text then is. What is not
UTF-8 is read as the file says itself, as JabRef writes it (`% Encoding: windows-1252`), or else as
Windows-1252, of which Latin-1 is a part.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from broadsheet.sources.files.readings import FileError

WINDOWS = "windows-1252"

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 1 << 10
# In the text of a Western language so many of every other byte are zero, and none of those between.
_ZEROS = 0.3
_DECLARED = re.compile(rb"^(?:%+[ \t]*)?Encoding:[ \t]*(?:x-)?([\w.:-]{2,40})", re.IGNORECASE | re.MULTILINE)
_XML_DECLARED = re.compile(rb"^(\s*<\?xml[^>]{0,80}encoding=[\"'])utf-16[a-z-]*", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
# Letters with accents stand alone, or two or three together; what is longer is another script.
_LONGEST_RUN = 3


def utf_16(head: bytes) -> str:
    """The kind of UTF-16 that a file with this beginning is written in; empty where it is not."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    seen = head[:_LOOKED_AT]
    first, second = seen[::2].count(0), seen[1::2].count(0)
    if max(first, second) < len(seen) / 2 * _ZEROS or min(first, second):
        return ""
    return "utf-16-le" if second else "utf-16-be" if first else ""


def from_utf_16(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The pieces of a text in UTF-16, in UTF-8; what XML says of its encoding becomes true again."""
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    is_first = True
    for piece in pieces:
        text = decoder.decode(piece).encode(errors="replace")
        yield _XML_DECLARED.sub(rb"\1utf-8", text.removeprefix(codecs.BOM_UTF8)) if is_first else text
        is_first = False
    yield decoder.decode(b"", final=True).encode(errors="replace")


def fallback(head: bytes) -> str:
    """The encoding of what is not UTF-8 in a file with this beginning.

    Raises FileError where that can be neither what the file says nor Windows-1252.
    """
    if (said := _DECLARED.search(head)) and _is_known(name := said[1].decode()):
        return name
    *lines, last = head.split(b"\n")  # the last one may end within a character
    foreign = [line for line in lines or [last] if not _is_utf_8(line)]
    runs = [len(run) for line in foreign for run in _HIGH.findall(line)]
    if sum(length for length in runs if length > _LONGEST_RUN) * 2 > sum(runs):
        raise FileError("its encoding is not known: it is neither UTF-8 nor Windows-1252; save it as UTF-8")
    return WINDOWS


def _is_known(name: str) -> bool:
    """True for an encoding of text that is neither UTF-8 nor a part of it, nor UTF-16."""
    try:
        return b"a".decode(name) == "a" and codecs.lookup(name).name not in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
