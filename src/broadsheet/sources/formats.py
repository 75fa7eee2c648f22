"""Which format a file is in, recognised by its first bytes alone, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from broadsheet.sources.files import (
    acl,
    bibtex,
    biorxiv,
    csl,
    huggingface,
    openalex,
    openreview,
    ris,
    saved_html,
    saved_page,
)
from broadsheet.sources.files.opening import HEAD_SIZE, Source
from broadsheet.sources.files.readings import FileError, Reading
from broadsheet.sources.live.arxiv import snapshot
from broadsheet.sources.outgoing import export

Reader = Callable[[Source], Iterator[Reading]]

FORMATS = {
    "saved-page": "saved Daily Papers page (text)",
    "saved-html": "saved Daily Papers page (HTML)",
    "huggingface": "Daily Papers API JSON",
    "arxiv-snapshot": "arXiv metadata snapshot (JSON Lines)",
    "openreview": "OpenReview API JSON",
    "openalex": "OpenAlex JSON",
    "biorxiv": "bioRxiv or medRxiv API JSON",
    "acl-xml": "ACL Anthology XML",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL JSON",
    "export": "Broadsheet export (JSON Lines)",
}

_UNPACK = "unpack it and give the folder"
_CONTAINERS = (
    (b"PK\x03\x04", 0, f"it is a zip archive: {_UNPACK}"),
    (b"ustar", 257, f"it is a tar archive: {_UNPACK} (tar -xf)"),
    (b"7z\xbc\xaf\x27\x1c", 0, f"it is a 7z archive: {_UNPACK}"),
    (b"BZh", 0, "it is compressed with bzip2: unpack it (bunzip2), or use gzip or zstd"),
    (b"\xfd7zXZ\x00", 0, "it is compressed with xz: unpack it (unxz), or use gzip or zstd"),
    (b"From: <Saved by", 0, "it is a web archive (MHTML): save the page as HTML only, or as text"),
    (b"\xff\xfe", 0, "it is UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", 0, "it is UTF-16 text: save it as UTF-8"),
    (b"%PDF", 0, "it is a PDF: papers themselves cannot be imported, only lists of papers"),
)
_KEY = re.compile(rb"""["']([A-Za-z_-]{1,40})["']\s*:""")
_ARXIV_KEYS = {b"authors_parsed", b"update_date", b"journal-ref", b"report-no"}
_HUGGINGFACE_KEYS = {b"paper", b"papers", b"dailyPapers", b"upvotes", b"numComments", b"submittedOnDailyAt"}
_BIORXIV_KEYS = {b"jatsxml", b"author_corresponding"}
_OPENALEX_KEYS = {b"abstract_inverted_index", b"authorships", b"cited_by_count", b"is_retracted"}
_ACL_XML = re.compile(
    rb"(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE [^>\[]*(?:\[.*?\]\s*)?>\s*)*<collection[\s>/]", re.DOTALL
)
# An entry with a key, or a macro; Python's decorators and rules of CSS look otherwise.
_BIBTEX = re.compile(
    rb"^[ \t]*@(?:(?:string|preamble)\s*[{(]|(?!comment)[a-z]+\s*[{(]\s*[^\s{}()=,]*\s*,)",
    re.IGNORECASE | re.MULTILINE,
)
_RIS = re.compile(rb"^TY  -", re.MULTILINE)
_CSL_KEYS = {b"DOI", b"citation-key", b"container-title", b"date-parts", b"family", b"issued", b"literal"}
_SAVED_PAGE = re.compile(
    rb"^(?:by ?AK and the research community|[ \t]*\xe2\x80\xa2 [0-9]+ authors?)\s*$", re.MULTILINE
)
_SAVED_HTML = re.compile(rb"<!doctype html|<html|data-props", re.IGNORECASE)


def recognise(head: bytes) -> str:
    """The name in FORMATS of the format that a file with this beginning has.

    Raises FileError with what was tried, or with what to do about a container that is no format of ours.
    """
    head = head[:HEAD_SIZE]
    if not head.strip():
        raise FileError("it is empty")
    for magic, offset, advice in _CONTAINERS:
        if head.startswith(magic, offset):
            raise FileError(advice)
    for name, looks_like in _LOOKS_LIKE.items():
        if looks_like(head.lstrip()):
            return name
    raise FileError(f"its format is not known; tried {', '.join(FORMATS.values())}")


def reader(name: str, *, page_year: int | None) -> Reader:
    """The function that reads a format of FORMATS; only saved pages want to know their year."""
    return partial(saved_page.read, page_year=page_year) if name == "saved-page" else _READERS[name]


def _is_export(head: bytes) -> bool:
    return head.startswith(b"{") and export.HEADER.encode() in _keys(head.partition(b"\n")[0])


def _is_arxiv_snapshot(head: bytes) -> bool:
    return head.startswith(b"{") and not _ARXIV_KEYS.isdisjoint(_keys(head))


def _is_openreview(head: bytes) -> bool:
    return _keys(head) >= {b"forum", b"content"} or _keys(head) == {b"notes", b"count"}


def _is_openalex(head: bytes) -> bool:
    return not _OPENALEX_KEYS.isdisjoint(_keys(head)) or _keys(head) >= {b"meta", b"results", b"per_page"}


def _is_biorxiv(head: bytes) -> bool:
    return not _BIORXIV_KEYS.isdisjoint(_keys(head)) or _keys(head) >= {b"messages", b"collection"}


def _is_csl(head: bytes) -> bool:
    return _keys(head) >= {b"title", b"type"} and not _CSL_KEYS.isdisjoint(_keys(head))


def _is_huggingface(head: bytes) -> bool:
    is_empty_array = head.startswith(b"[") and not head[1:].strip(b" \t\r\n]")
    return is_empty_array or not _HUGGINGFACE_KEYS.isdisjoint(_keys(head))


def _is_acl_xml(head: bytes) -> bool:
    return bool(_ACL_XML.match(head))


def _is_bibtex(head: bytes) -> bool:
    return bool(_BIBTEX.search(head))


def _is_ris(head: bytes) -> bool:
    return bool(_RIS.search(head))


def _is_saved_html(head: bytes) -> bool:
    return head.startswith(b"<") and bool(_SAVED_HTML.search(head))


def _is_saved_page(head: bytes) -> bool:
    return bool(_SAVED_PAGE.search(head))


@lru_cache(maxsize=2)
def _keys(head: bytes) -> frozenset[bytes]:
    """The names of fields in a piece of JSON, at any depth, also of objects written in Python's notation."""
    return frozenset(_KEY.findall(head) if head.startswith((b"[", b"{")) else ())


_LOOKS_LIKE: dict[str, Callable[[bytes], bool]] = {
    "export": _is_export,
    "arxiv-snapshot": _is_arxiv_snapshot,
    "openreview": _is_openreview,
    "openalex": _is_openalex,
    "biorxiv": _is_biorxiv,
    "csl-json": _is_csl,
    "huggingface": _is_huggingface,
    "acl-xml": _is_acl_xml,
    "saved-html": _is_saved_html,
    "saved-page": _is_saved_page,
    "ris": _is_ris,
    "bibtex": _is_bibtex,
}
_READERS: dict[str, Reader] = {
    "export": export.read,
    "arxiv-snapshot": snapshot.read,
    "openreview": openreview.read,
    "openalex": openalex.read,
    "biorxiv": biorxiv.read,
    "huggingface": huggingface.read,
    "acl-xml": acl.read,
    "bibtex": bibtex.read,
    "ris": ris.read,
    "csl-json": csl.read,
    "saved-html": saved_html.read,
}
