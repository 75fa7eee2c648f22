"""Texts that are not UTF-8: how they are recognised and read.

UTF-16 and UTF-32 are known by their marks, or by the zeros that every other byte of a Western text is, or
two of four. What is not UTF-8 is read as the file says itself, as JabRef writes it (`% Encoding:
windows-1252`), or else as Windows-1252, of which Latin-1 is a part: unless that puts signs into words where
no Western language has them, as in `MŸller` and `Wa³êsa`, and what old Macs wrote, or Windows in Eastern
Europe, makes words of them. What is in no Western script is read as GBK where it is that without any error
and of the characters that Chinese has most.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from broadsheet.sources.files.readings import FileError

WINDOWS = "windows-1252"
MAC, EASTERN = "mac-roman", "cp1250"

# The mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 1 << 10
# In the text of a Western language so many of every other byte are zero, and none of those between.
_ZEROS = 0.3
# Of UTF-32 nearly all are of two of four bytes, and that at the other end is not.
_NEARLY_ALL = 0.9
_ZEROS_OF_FOUR = (({2, 3}, 0, "utf-32-le"), ({0, 1}, 3, "utf-32-be"))
_DECLARED = re.compile(rb"^(?:%+[ \t]*)?Encoding:[ \t]*(?:x-)?([\w.:-]{2,40})", re.IGNORECASE | re.MULTILINE)
_XML_DECLARED = re.compile(rb"^(\s*<\?xml[^>]{0,80}encoding=[\"'])utf-(?:16|32)[a-z-]*", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
# Letters with accents stand alone, or two or three together; what is longer is another script.
_LONGEST_RUN = 3
CHINESE = "gb18030"
# Two bytes of GBK: the 3,755 characters that are most frequent; among these the second half by sound, where
# Korean has nothing in the same place; the kana, without which no Japanese is written.
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_FREQUENT, _OF_SECOND_HALF, _KANA = range(0xB0, 0xD8), range(0xC9, 0xD8), (0xA4, 0xA5)
# What no Western language has: a sign within a word (but for dashes, apostrophes, Catalan's l·l), a capital
# behind small letters (but for `McÉwan`), a currency before a word, what is no character.
_ODD = re.compile(
    r"(?<=[^\W\d_])(?!(?<=[lL])·[lL])[^\w\s!-~\u00ad\u2010-\u2015\u2018\u2019](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[¹²³ªº](?=[^\W\d_ªº])|(?<=[a-zß-öø-ÿ]{3})[À-ÖØ-Þ](?=[a-zß-öø-ÿ])"
    r"|(?<=[a-zß-öø-ÿ])[ŒŠŽŸ]|(?<=[A-Z])[ŒŠŽŸ](?=[a-zß-öø-ÿ])|(?<!\w)[£¥¯](?=[^\W\d_])|\ufffd"
)
# What Eastern European names are in Windows-1252, as hardly anything else is: `Dvoøák`, `Kováè`, `Petroviæ`.
_EASTERN_NAMES = re.compile(r"[øØ][áéíýìè]|[áéíý][èøòï]|iæ(?!\w)")
# What is rare: `Rùžièka`, `Zbynìk`, but also `Yorùbá`; `Pˆmies`, but also `nˆth`. Each counts half.
_RARE_IN_THE_WEST, _RARE = re.compile(r"[ìù](?=[a-zß-öø-ÿš-ž])"), re.compile(r"[ƒˆ˜](?=[a-zß-öø-ÿ])")


def wide(head: bytes) -> str:
    """The kind of UTF-16 or UTF-32 that a file with this beginning is written in; empty if it is neither."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    seen = head[:_LOOKED_AT]
    places = {place for place in range(4) if seen[place::4].count(0) > len(seen) / 4 * _NEARLY_ALL}
    for zeros, text, name in _ZEROS_OF_FOUR:
        if zeros <= places and text not in places:
            return name
    first, second = seen[::2].count(0), seen[1::2].count(0)
    if max(first, second) < len(seen) / 2 * _ZEROS or min(first, second):
        return ""
    return "utf-16-le" if second else "utf-16-be" if first else ""


def from_wide(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The pieces of a text in UTF-16 or UTF-32, in UTF-8; what XML says of its encoding becomes true."""
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
        if _is_chinese(b"\n".join(foreign)):
            return CHINESE
        raise FileError("its encoding is not known: it is neither UTF-8 nor Windows-1252; save it as UTF-8")
    return _likeliest(b"\n".join(foreign))


def _is_chinese(text: bytes) -> bool:
    """True for what is GBK without an error, and of frequent characters: Korean and Japanese rarely are."""
    try:
        text.decode("gbk")
    except UnicodeDecodeError:
        return False
    first = [pair[0] for pair in _PAIR.findall(text)]
    frequent, second_half, kana = (
        sum(byte in some for byte in first) for some in (_FREQUENT, _OF_SECOND_HALF, _KANA)
    )
    return frequent * 4 > len(first) * 3 and second_half * 6 > frequent and kana * 10 < len(first)


def _likeliest(text: bytes) -> str:
    """Windows-1252, unless it leaves in words what another encoding explains."""
    western = text.decode(WINDOWS, errors="replace")
    odd = 2 * _count(_ODD, western)
    eastern = 2 * _count(_EASTERN_NAMES, western) + _count(_RARE_IN_THE_WEST, western)
    explained = {WINDOWS: 1, MAC: odd + _count(_RARE, western), EASTERN: odd + eastern}
    for name in (MAC, EASTERN):
        explained[name] -= 4 * _count(_ODD, text.decode(name, errors="replace"))
    explained[MAC] -= _count(_RARE_IN_THE_WEST, text.decode(MAC))
    return max(explained, key=explained.__getitem__)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


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
