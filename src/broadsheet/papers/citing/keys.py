"""Citation keys: the same for a paper in every file, and another one for every paper."""

from __future__ import annotations

import hashlib
import re

from broadsheet.papers.citing.names import Person
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.text import letters_and_digits

# What TeX, BibTeX, biber and pandoc all take within a key.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]{0,79}")
_UNSAFE = re.compile(r"[^a-z0-9]+")


def key(row: PaperRow, authors: tuple[Person, ...]) -> str:
    """ASCII such as `vale2026-2611.04242`: the family name, the year, and the paper's identifier.

    Ten hex digits stand for an identifier with signs that a key cannot have. A letter, as in `2026a`, would
    depend on the other papers in the file, and a word of the title would change with it.
    """
    family = _ascii(authors[0].family) if authors else ""
    year = str(row.published.year) if row.published else ""
    name = row.public_id.partition(":")[2] or row.public_id
    if not _SAFE.fullmatch(name):
        name = hashlib.blake2b(row.public_id.encode(), digest_size=5).hexdigest()
    return f"{family[:20] or 'anon'}{year}-{name}"


def _ascii(text: str) -> str:
    """The ASCII letters and digits of a text, without accents and in lower case."""
    return _UNSAFE.sub("", letters_and_digits(text).lower())
