"""Files that were made to hurt: each is refused or read, with reasons, and nothing but sentences comes of it."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable

import pytest
from tests.library.shelf import NOW, reader
from tests.sources.files.test_libraries import BIBTEX, BOOKMARKS, CSL, CSV, RDF, RIS

from broadsheet.library import bringing, taking
from broadsheet.library.brought import BringingError, Report, Wish
from broadsheet.library.models import Note, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
MB = 1 << 20
ENTRY = r"@misc{x, title = {%s}, eprint = {2611.00001}, archiveprefix = {arXiv}, %s}"
TURNED = "\u202egnp.exe\u202c مد\u200f"
JSON = '{"broadsheet_library": 1, "papers": [%s]}'
PAPER = '{"id": "2611.00001", "state": "read", "paper": {"title": "Tides"}, %s}'


def rdf(*, title: str = "Tides", note: str = "x", before: str = "", more: str = "") -> str:
    text = RDF.replace("Tide Tables for Schedulers", title).replace("&lt;p&gt;Read", f"&lt;p&gt;{note}")
    return text.replace("<rdf:RDF", f"{before}<rdf:RDF", 1).replace("</rdf:RDF>", f"{more}</rdf:RDF>")


def laughs(levels: int = 9) -> str:
    inside = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE r [<!ENTITY a0 "ha">{inside}]>'


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "a note of 10 MB in BibTeX": lambda: ENTRY % ("Tides", f"annotation = {{{'x' * (10 * MB)}}}"),
    "a note of 10 MB in RIS": lambda: RIS.replace("Read <em>", "x" * (10 * MB)),
    "a note of 10 MB in RDF": lambda: rdf(note="x" * (10 * MB)),
    "a note of 10 MB in CSV": lambda: CSV.replace("Two", "x" * (10 * MB)),
    "a note of 10 MB in JSON": lambda: JSON % PAPER % f'"notes": [{{"text": "{"x" * (10 * MB)}"}}]',
    "a note of tags alone": lambda: rdf(note="&lt;b&gt;" * 20_000),
    "100,000 tags in BibTeX": lambda: ENTRY % ("Tides", f"keywords = {{{', '.join(f't{n}' for n in range(100_000))}}}"),
    "100,000 tags in RIS": lambda: RIS.replace("KW  - tides", "\n".join(f"KW  - t{n}" for n in range(90_000))),
    "100,000 tags in RDF": lambda: rdf().replace(
        "<dc:subject>tides</dc:subject>", "".join(f"<dc:subject>t{n}</dc:subject>" for n in range(100_000))
    ),
    "100,000 tags in JSON": lambda: JSON % PAPER % f'"tags": {json.dumps([f"t{n}" for n in range(100_000)])}',
    "a tag of 1 MB": lambda: ENTRY % ("Tides", f"keywords = {{{'x' * MB}, sea}}"),
    "tags that turn the line": lambda: ENTRY % ("Tides", f"keywords = {{{TURNED}}}"),
    "a title that turns the line": lambda: ENTRY % (TURNED, "year = 2026"),
    "a note that turns the line": lambda: ENTRY % ("Tides", f"annotation = {{{TURNED}}}"),
    "NUL in BibTeX": lambda: ENTRY % ("Ti\0des", "keywords = {a\0b}, annotation = {a\0b}"),
    "NUL in RDF": lambda: rdf(title="Ti\0des"),
    "NUL in JSON": lambda: JSON % PAPER % r'"tags": ["a\u0000b"], "notes": [{"text": "a\u0000b"}]',
    "NUL in a list": lambda: "2611.00001\0\n\0",
    "NUL in CSV": lambda: CSV.replace("sea", "s\0ea"),
    "halves of characters": lambda: JSON % PAPER % r'"tags": ["\ud800"], "notes": [{"text": "\udfff"}]',
    "entities that grow": lambda: rdf(before=laughs(), title="&a8;"),
    "entities in an attribute": lambda: rdf(before=laughs(), more='<bib:Memo rdf:about="&a8;"/>'),
    "an entity of a file": lambda: rdf(before='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', title="&x;"),
    "an entity of the net": lambda: rdf(before='<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>', title="&x;"),
    "a document type elsewhere": lambda: rdf(before='<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd">'),
    "RDF as deep as it is long": lambda: rdf(more="<z:x>" * 100_000 + "</z:x>" * 100_000),
    "collections in a circle": lambda: rdf().replace(
        'rdf:resource="#collection_2"/>', 'rdf:resource="#collection_1"/><dcterms:hasPart rdf:resource="#collection_2"/>'
    ),
    "collections within all others": lambda: rdf(
        more="".join(
            f'<z:Collection rdf:about="#c{n}"><dc:title>c{n}</dc:title>'
            + "".join(f'<dcterms:hasPart rdf:resource="#c{m}"/>' for m in range(n + 1, 60))
            + "</z:Collection>"
            for n in range(60)
        )
    ),
    "a bomb of gzip": lambda: gzip.compress(b"2611.00001\n" * (20 * MB)),
    "a bomb in a bomb": lambda: gzip.compress(gzip.compress(b"0" * (50 * MB))),
    "gzip that is cut": lambda: gzip.compress(BIBTEX.encode() * 50)[:200],
    "gzip that is damaged": lambda: gzip.compress(BIBTEX.encode())[:60] + b"\xff" * 100,
    "zlib without a name": lambda: zlib.compress(BIBTEX.encode()),
    "a zip": lambda: b"PK\x03\x04" + b"\0" * 1000,
    "a PDF": lambda: b"%PDF-1.7\n" + b"x" * 1000,
    "a database": lambda: b"SQLite format 3\0" + b"\0" * 1000,
    "random bytes": lambda: bytes(range(256)) * 4000,
    "UTF-16": lambda: BIBTEX.encode("utf-16"),
    "JSON as deep as it is long": lambda: "[" * MB,
    "JSON of numbers": lambda: "[1, 2, 3]",
    "CSL with everything wrong": lambda: '[{"type": 1, "title": [], "DOI": {}, "note": 3, "keyword": [], "custom": {"broadsheet": 1}}]',
    "custom with everything wrong": lambda: CSL.replace(
        '"keyword"', '"custom": {"broadsheet": {"state": 5, "tags": 3, "notes": "x"}}, "keyword"'
    ),
    "our JSON with everything wrong": lambda: JSON % '{"id": 5, "state": [], "tags": 1, "notes": 2, "paper": 3}, 7, null, {}',
    "our JSON of tomorrow": lambda: '{"broadsheet_library": 2, "papers": [{}]}',
    "our JSON with names that are none": lambda: JSON
    % '{"id": "x", "state": "read", "paper": {"title": "T", "authors": [{"name": 5}], "identifiers": [{"scheme": "arxiv", "value": 5}]}}',
    "likes with everything wrong": lambda: '[{"repo": {"type": 1, "name": {}}, "createdAt": 5}, {"repo": 3}, "x", {"likedAt": []}]',
    "bookmarks that never close": lambda: BOOKMARKS[:300] + '<DT><A HREF="' * 200_000,
    "bookmarks in 100,000 folders": lambda: BOOKMARKS.replace("<DT><H3>Sea</H3>", "<DL><p><DT><H3>Sea</H3>" * 100_000),
    "dates of no calendar": lambda: BOOKMARKS.replace("1777803072", "9" * 16).replace('ADD_DATE="1"', 'ADD_DATE="-1"'),
    "dates far ahead": lambda: BIBTEX.replace("2026-05-03 12", "9999-12-31 23"),
    "braces that never close": lambda: "@misc{x, title = {" + "{" * MB,
    "a line of 12 MB": lambda: "2611.00001 " * MB,
    "rows that never end": lambda: CSV + '"' + "x," * MB,
    "RIS of tags alone": lambda: "TY  - JOUR\n" + "KW  - \n" * 200_000,
    "a note that is a bibliography": lambda: ENTRY % ("Tides", "annotation = {@misc{y, title = {Y}}\n@misc{z,}"),
    "scripts everywhere": lambda: BIBTEX.replace("tides", "<script>alert(1)</script>").replace("Tide Tables", "<img src=x onerror=y>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_a_sentence(name: str):
    sent = HOSTILE[name]()
    content = (sent.encode("utf-8", "surrogatepass") if isinstance(sent, str) else sent)[: 16 * MB]
    ada, started = reader(), time.process_time()
    reports, refused = [], "The file cannot be used: "
    for dry_run in (True, False, False):
        try:
            reports.append(bringing.bring(ada, content, Wish(), dry_run=dry_run, now=NOW))
        except BringingError as problem:
            refused = str(problem)
    assert refused.startswith("The file cannot be used: ")
    assert refused.isprintable()
    if reports:
        check(*reports)
    for form in taking.FORMS:
        taking.take(ada, form, now=NOW)
    assert time.process_time() - started < 60
    assert all(tag.isprintable() and len(tag) <= 100 for tag in Tag.objects.values_list("name", flat=True))
    assert all(len(note) <= 1 << 16 for note in Note.objects.values_list("source", flat=True))


def check(first: Report, done: Report, again: Report) -> None:
    """What was foretold was done, and to do it again changed nothing."""
    assert first.counts == done.counts
    assert again.counts["new"] == again.counts["merged"] == 0
    for report in (first, done):
        assert all(line.reason for line in report.lines if line.outcome == "refused")
        assert all(text.isprintable() for text in [*report.remarks, *(line.reason for line in report.lines)])
