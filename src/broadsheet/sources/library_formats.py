"""In which format a reader's library is, recognised by its first bytes, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from broadsheet.sources.files import (
    bibtex,
    bookmarks,
    csl,
    huggingface_lists,
    library_json,
    pasted_list,
    references_mine,
    ris,
    zotero_csv,
    zotero_rdf,
)
from broadsheet.sources.files.mine import Brought
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import BrokenOffError, FileError


@dataclass(frozen=True, slots=True)
class LibraryFormat:
    """A format of libraries: its name for commands and addresses, its title for people, and who reads it."""

    name: str
    title: str
    looks_like: Callable[[bytes], bool]
    read: Callable[[Source], Iterator[Brought]]


# In the order in which they are tried: a list of identifiers is what is nothing else.
FORMATS = {
    known.name: known
    for known in (
        LibraryFormat("json", "Broadsheet JSON", library_json.looks_like, library_json.read),
        LibraryFormat("zotero-rdf", "Zotero RDF", zotero_rdf.looks_like, zotero_rdf.read),
        LibraryFormat("zotero-csv", "Zotero CSV", zotero_csv.looks_like, zotero_csv.read),
        LibraryFormat("bookmarks", "bookmarks", bookmarks.looks_like, bookmarks.read),
        LibraryFormat("csl", "CSL JSON", csl.FORMAT.looks_like, references_mine.read_csl),
        LibraryFormat(
            "huggingface", "likes or collections", huggingface_lists.looks_like, huggingface_lists.read
        ),
        LibraryFormat("ris", "RIS", ris.FORMAT.looks_like, references_mine.read_ris),
        LibraryFormat("bibtex", "BibTeX", bibtex.FORMAT.looks_like, references_mine.read_bibtex),
        LibraryFormat("list", "a list of papers", lambda _: True, pasted_list.read),
    )
}
LARGEST, LARGEST_UNPACKED = 16 * 1024 * 1024, 64 * 1024 * 1024
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_NOT_TEXT = (b"PK\x03\x04", b"%PDF", b"SQLite format 3", b"7z\xbc\xaf", b"\x89PNG", b"Rar!")


def read(content: bytes, *, format_name: str = "", now: datetime) -> Iterator[Brought]:
    """What a library file says, in the format that is named or that it looks like; packed ones are unpacked.

    Raises FileError or BrokenOffError.
    """
    content, problem = _unpacked(content, now=now)
    source = Source("the file", BytesIO(content), now)
    yield from FORMATS[format_name or recognise(source.head)].read(source)
    if problem:
        raise problem


def _unpacked(content: bytes, *, now: datetime) -> tuple[bytes, BrokenOffError | None]:
    """The content, or what a packed one becomes, as far as it is whole. Raises FileError for too much."""
    if not content.startswith(_PACKED):
        return content, None
    whole = bytearray()
    try:
        for chunk in Source("the file", BytesIO(content), now).chunks():
            whole += chunk
            if len(whole) > LARGEST_UNPACKED:
                raise FileError(f"it unpacks to more than {LARGEST_UNPACKED >> 20} MB; split it")
    except BrokenOffError as problem:
        return bytes(whole), problem
    return bytes(whole), None


def recognise(head: bytes) -> str:
    """The name of the format that a file with this beginning has. Raises FileError for what is no text."""
    head = head.lstrip()
    if not head:
        raise FileError("it is empty")
    if head.startswith(_NOT_TEXT):
        raise FileError("it is no list of papers: export your library as BibTeX, RIS, CSL JSON, RDF or CSV")
    return next(known.name for known in FORMATS.values() if known.looks_like(head))
