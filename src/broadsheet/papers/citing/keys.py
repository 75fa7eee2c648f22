"""Citation keys: the same for a paper in every file, and another one for every paper."""

from __future__ import annotations

import hashlib
import re

from broadsheet.papers.citing.names import Person
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.text import plain, title_key

# What TeX, BibTeX, biber and pandoc all take within a key.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]{0,79}")
_BETWEEN_WORDS = re.compile(r"[\s\-–—:/]+")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_SMALL_WORDS = "a an and are at by can do does for from how in is of on or the to towards what why with"


def key(row: PaperRow, authors: tuple[Person, ...]) -> str:
    """ASCII such as `vale2026tide-2611.04242`: family, year, a word of the title, and the paper's identifier.

    Ten hex digits stand for an identifier with signs that a key cannot have. A letter, as in `2026a`, would
    depend on the other papers in the file.
    """
    family = _ascii(authors[0].family) if authors else ""
    year = str(row.published_at.year) if row.published_at else ""
    words = filter(None, map(_ascii, _BETWEEN_WORDS.split(plain(row.title))))
    word = next((one for one in words if one not in _SMALL_WORDS.split()), "")
    name = row.public_id.partition(":")[2] or row.public_id
    if not _SAFE.fullmatch(name):
        name = hashlib.blake2b(row.public_id.encode(), digest_size=5).hexdigest()
    return f"{family[:20] or 'anon'}{year}{word[:20]}-{name}"


def _ascii(text: str) -> str:
    """The ASCII letters and digits of a text, without accents and in lower case."""
    return _UNSAFE.sub("", title_key(text).lower())
