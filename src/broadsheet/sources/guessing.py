"""What a file that was not recognised may be: a guess, for the sentence that refuses it."""

from __future__ import annotations

import re
from pathlib import PurePath

# Endings of names, and the names of the formats that they stand for.
_ENDINGS = {
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".ris": "ris",
    ".nbib": "pubmed",
    ".ciw": "wos",
}
_COMPRESSED = (".gz", ".zst")
_AS_OTHERS_DO = "export it as BibTeX, RIS or CSL JSON"
_COLUMNS = frozenset({"author", "authors", "doi", "title"})
# How files begin that are none of ours, and what to do about them.
_BEGINNINGS = (
    (r"%[0A] ", f"it looks like EndNote's own tagged format: {_AS_OTHERS_DO}"),
    (r"FN |VR ", f"it looks like an export of EndNote or Web of Science: {_AS_OTHERS_DO}"),
    (
        r"\\[a-z]+",
        "it looks like LaTeX: give the bibliography that belongs to it, a file whose name ends in .bib",
    ),
    (r"\{\\rtf", f"it looks like a text of a word processor: {_AS_OTHERS_DO}"),
    (r"[\[{]", "it looks like JSON, and has not the fields of any program that is read here"),
    (r"<(?:[?!]|\w)", "it looks like XML or HTML, and is of no program that is read here"),
)
# Where such a line is, somebody meant that format.
_LINES = (
    (r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", "bibtex"),
    (r"^[A-Z][A-Z0-9][ \t]{0,4}-\s", "ris"),
    (r"^PMID", "pubmed"),
)


def nearest(head: bytes, name: str) -> str:
    """The name of the format that the file is nearest to, by its name or else its lines; empty for none."""
    path = PurePath(name.lower())
    ending = PurePath(path.stem).suffix if path.suffix in _COMPRESSED else path.suffix
    if near := _ENDINGS.get(ending):
        return near
    text = head.decode("latin-1")
    return next((near for line, near in _LINES if re.search(line, text, re.MULTILINE)), "")


def hint(head: bytes) -> str:
    """What the file looks like and what to do about it; empty where its beginning does not tell."""
    if b"\0" in head:
        return "it looks like no text at all"
    text = head.decode("latin-1")
    cells = [cell.strip("\"' ").lower() for cell in re.split("[,;\t]", text.partition("\n")[0].strip())]
    if len(cells) > 1 and not _COLUMNS.isdisjoint(cells):
        return f"it looks like a table: {_AS_OTHERS_DO}"
    return next((told for beginning, told in _BEGINNINGS if re.match(beginning, text, re.IGNORECASE)), "")
