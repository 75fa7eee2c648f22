"""Which format a file is in, recognised by its first bytes alone, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from broadsheet.sources import guessing
from broadsheet.sources.files import (
    acl,
    bibtex,
    biorxiv,
    crossref,
    csl,
    datacite,
    huggingface,
    openalex,
    openreview,
    pubmed,
    ris,
    saved_html,
    saved_page,
    web_of_science,
)
from broadsheet.sources.files.opening import HEAD_SIZE, Source
from broadsheet.sources.files.readings import FileError, Reading
from broadsheet.sources.live.arxiv import saved_answer, snapshot
from broadsheet.sources.outgoing import export

# In the order in which they are tried: a format that says much of itself comes before those that say little.
FORMATS = {
    known.name: known
    for known in (
        export.FORMAT,
        snapshot.FORMAT,
        openreview.FORMAT,
        openalex.FORMAT,
        biorxiv.FORMAT,
        crossref.FORMAT,
        datacite.FORMAT,
        csl.FORMAT,
        huggingface.FORMAT,
        acl.FORMAT,
        saved_answer.FORMAT,
        saved_html.FORMAT,
        saved_page.FORMAT,
        pubmed.FORMAT,
        web_of_science.FORMAT,
        ris.FORMAT,
        bibtex.FORMAT,
    )
}

_UNPACK = "unpack it and give the folder"
_CONTAINERS = (
    (b"PK\x03\x04", 0, f"it is a zip archive: {_UNPACK}"),
    (b"ustar", 257, f"it is a tar archive: {_UNPACK} (tar -xf)"),
    (b"7z\xbc\xaf\x27\x1c", 0, f"it is a 7z archive: {_UNPACK}"),
    (b"BZh", 0, "it is compressed with bzip2: unpack it (bunzip2), or use gzip or zstd"),
    (b"\xfd7zXZ\x00", 0, "it is compressed with xz: unpack it (unxz), or use gzip or zstd"),
    (b"From: <Saved by", 0, "it is a web archive (MHTML): save the page as HTML only, or as text"),
    (b"%PDF", 0, "it is a PDF: papers themselves cannot be imported, only lists of papers"),
)


def recognise(head: bytes, name: str = "") -> str:
    """The name in FORMATS of the format that a file with this beginning has.

    Raises FileError with what to do about a file that has none: what it may be, as far as its beginning or
    its `name` tells, and where the formats are listed.
    """
    head = head[:HEAD_SIZE]
    if not head.strip():
        raise FileError("it is empty")
    for magic, offset, advice in _CONTAINERS:
        if head.startswith(magic, offset):
            raise FileError(advice)
    head = head.lstrip()
    for known in FORMATS.values():
        if known.looks_like(head):
            return known.name
    raise FileError(f"its format is not known; {_advice(head, name)}")


def _advice(head: bytes, name: str) -> str:
    listed = "`broadsheet import --help` lists the formats that are read"
    if near := guessing.nearest(head, name):
        return f"if it is {FORMATS[near].title}, `--format {near}` reads it as that, else {listed}"
    return "; ".join(filter(None, (guessing.hint(head), listed)))


def reader(name: str, *, page_year: int | None) -> Callable[[Source], Iterator[Reading]]:
    """The function that reads a format of FORMATS; only saved pages want to know their year."""
    if name == saved_page.FORMAT.name:
        return partial(saved_page.read, page_year=page_year)
    return FORMATS[name].read
