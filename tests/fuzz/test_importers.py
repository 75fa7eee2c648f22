"""Whatever a file holds, reading it ends in records and refusals, and never in an exception of another kind."""

from __future__ import annotations

import gzip
import json
import random
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import ARXIV, HUGGING_FACE
from tests.sources import references
from tests.sources.inputs import ABSTRACTS, SEEN, arxiv_line, footer, item, page, source
from tests.sources.json_inputs import answer, note, row, work

from broadsheet.papers.catalogue import store
from broadsheet.papers.record import Link, Listing, Record, Version
from broadsheet.sources.files.readings import BrokenOffError, FileError, Reading, Refusal, Remark
from broadsheet.sources.files.saved_page import parse
from broadsheet.sources.formats import FORMATS, reader, recognise
from broadsheet.sources.outgoing import export

TIDES, SAND, BEES = ABSTRACTS
PAGE = page(
    (TIDES, footer()),
    (SAND, None),
    (BEES, footer("tencent Tencent", "Oct 3 2")),
    (TIDES, footer(date="Sep 1")),
)
DAY = json.dumps([item("2611.00001"), repr(item("2611.00002")), item("2611.00003")])
HTML = f"<!doctype html><div data-props='{json.dumps({'dailyPapers': [item()]})}'></div>"
SNAPSHOT = arxiv_line("2611.00001") + arxiv_line("2611.00002")
EXPORT = b"".join(export.lines([("2503.00001", ARXIV, [ARXIV, HUGGING_FACE])], [], exported_at=SEEN))
SEEDS = {
    "saved-page": PAGE.encode(),
    "saved-html": HTML.encode(),
    "huggingface": DAY.encode(),
    "arxiv-snapshot": SNAPSHOT,
    "export": EXPORT,
    "openreview": json.dumps({"notes": [note(), note("second")], "count": 2}).encode(),
    "openalex": json.dumps(work()).encode() + b"\n" + json.dumps(work("W2")).encode(),
    "biorxiv": json.dumps(answer([row(), row(version=2)])).encode(),
    "acl-xml": references.ACL.encode(),
    "bibtex": references.BIBTEX.encode(),
    "ris": references.RIS.encode(),
    "csl-json": json.dumps([references.ZOTERO, references.PREPRINT]).encode(),
    "pubmed": references.PUBMED.encode(),
    "wos": references.WOS.encode(),
    "crossref": json.dumps({"message": {"items": [references.CROSSREF] * 2}}).encode(),
    "datacite": json.dumps({"data": [references.DATACITE] * 2}).encode(),
    "arxiv-api": references.ARXIV_ANSWER.encode(),
}
# Pieces that mean something to one format or another.
TOKENS = [
    b"",
    b"\n",
    b"\n\n",
    b"\r",
    b"\0",
    b"\xff",
    "·".encode(),
    "•".encode(),
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"null",
]
TOKENS += [
    b"-1",
    b"1e999",
    b"9" * 40,
    b"NaN",
    b"Feb 30",
    b"Oct 3 2",
    b"\\ud800",
    b"'",
    b"<",
    b"&#x0;",
    b"<![",
    b"--",
    b"\n@misc{a,",
    b"\\",
    b"#",
    b"$",
    b"ER  - \n",
    b"ER\n",
    b"PT J\n",
    b"PMID- ",
    b"\t",
    b"   ",
    b"TY  - \n",
    b"</paper>",
    b"<paper id='1'>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ITEM_FIELDS = st.sampled_from([*item()["paper"], "withdrawnAt", "mediaUrls", "projectPage", "comments"])
LINE_FIELDS = st.sampled_from(sorted(json.loads(arxiv_line())))
CSL_FIELDS = st.sampled_from(sorted(references.ZOTERO | references.PREPRINT))
BIB_FIELDS = st.sampled_from(
    [
        "title",
        "author",
        "year",
        "month",
        "date",
        "doi",
        "url",
        "eprint",
        "note",
        "journal",
        "pages",
        "keywords",
    ]
)
TEX = st.lists(
    st.sampled_from(["{", "}", "\\", '"', "$", "'", " and ", ",", "a", "\\'", "~", "#", "=", "@"])
).map("".join)
RIS_TAGS = st.sampled_from(
    ["TI", "T1", "AU", "A1", "PY", "DA", "DO", "UR", "L1", "M1", "AN", "KW", "AB", "SP", "ZZ"]
)
FULL = replace(
    HUGGING_FACE,
    versions=(Version(1, SEEN),),
    links=(Link("code", "https://github.com/north/bounds"),),
    listings=(Listing(SEEN.date(), 1, "Mira", "mira"),),
    keywords=("bounds",),
    categories=("cs.LG",),
    author_count=2,
    comment="10 pages",
)
RECORD_FIELDS = st.sampled_from(sorted(json.loads(FULL.to_json())))
EXTREMES = st.sampled_from(
    [
        *(2**31 - 1, 2**31, 2**63, 1e300, "x" * 1000, "\0", "0001-01-01"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"),
    ]
)


def odd_export(field: str, value: Any, is_inside: bool) -> bytes:
    """A line of an export whose record has the value in a field, or in the last place of the field's first part."""
    record = json.loads(FULL.to_json())
    if is_inside and isinstance(record[field], list):
        first = record[field][0]
        record[field] = [first | {[*first][-1]: value} if isinstance(first, dict) else value]
    else:
        record[field] = value
    return json.dumps({"records": [record]}).encode() + b"\n"


def readings(name: str, content: bytes) -> list[Reading]:
    """All that is read before the end, or before the file is refused or breaks off."""
    found: list[Reading] = []
    with suppress(FileError, BrokenOffError):
        found.extend(reader(name, page_year=2025)(source(content)))
    for one in found:
        assert isinstance(one, Record | Refusal | Remark)
        if isinstance(one, Record):
            assert one.to_json()
        if isinstance(one, Refusal):
            assert one.place
            assert one.reason
    return found


@pytest.mark.parametrize("name", FORMATS)
@given(
    content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace"))
)
def test_any_bytes_can_be_read_as_any_format(name: str, content: bytes) -> None:
    readings(name, content)


@given(st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join))
def test_any_bytes_have_a_format_or_are_refused(content: bytes) -> None:
    with suppress(FileError):
        assert recognise(content) in FORMATS


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_a_real_file_with_pieces_cut_and_put_in_can_be_read(name: str, data: st.DataObject) -> None:
    content = SEEDS[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 60, len(content))))
        content = content[:start] + data.draw(st.sampled_from(TOKENS)) + content[end:]
    readings(name, content)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@given(data=st.data())
def test_a_compressed_file_with_wrong_bytes_can_be_read(compress: Any, data: st.DataObject) -> None:
    content = bytearray(compress(SNAPSHOT))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(4, len(content)))]
    with suppress(BrokenOffError):  # where nothing at all can be read
        readings("arxiv-snapshot", bytes(content))


@given(ITEM_FIELDS, values, st.booleans())
def test_any_value_in_any_field_of_an_item_is_read_or_refused(field: str, value: Any, is_text: bool) -> None:
    odd = item(**{field: value}) | {field: value}
    content = json.dumps([repr(odd) if is_text else odd, item("2611.00002")])
    found = readings("huggingface", content.encode())
    assert len(found) == 2
    assert isinstance(found[1], Record)


@given(LINE_FIELDS, values)
def test_any_value_in_any_field_of_a_snapshot_is_read_or_refused(field: str, value: Any) -> None:
    odd = json.dumps(json.loads(arxiv_line()) | {field: value}).encode()
    found = readings("arxiv-snapshot", odd + b"\n" + arxiv_line("2611.00002"))
    assert len(found) == 2
    assert isinstance(found[1], Record)


@given(CSL_FIELDS, values)
def test_any_value_in_any_field_of_csl_json_is_read_or_refused(field: str, value: Any) -> None:
    found = readings(
        "csl-json", json.dumps([references.ZOTERO | {field: value}, references.PREPRINT]).encode()
    )
    assert len(found) == 2
    assert isinstance(found[1], Record)


@given(BIB_FIELDS, st.text() | TEX)
def test_any_value_in_any_field_of_an_entry_is_read_or_refused(field: str, value: str) -> None:
    """Braces that do not match can hide what comes after them, but an entry on a line of its own is found."""
    content = f"@misc{{a, title = {{T}}, {field} = {{{value}}}}}\n@misc{{b, title = {{U}}}}"
    found = readings("bibtex", content.encode(errors="replace"))
    assert isinstance(found[-1], Record)
    assert found[-1].title == "U"


@given(RIS_TAGS, st.text())
def test_any_text_behind_any_tag_is_read_or_refused(tag: str, value: str) -> None:
    content = f"TY  - JOUR\nTI  - T\n{tag}  - {value}\nER  - \nTY  - GEN\nTI  - U\n"
    found = readings("ris", content.encode(errors="replace"))
    assert isinstance(found[-1], Record)
    assert found[-1].title == "U"


@given(RECORD_FIELDS, values, st.booleans())
def test_any_value_in_any_field_of_an_export_is_read_or_refused(
    field: str, value: Any, is_inside: bool
) -> None:
    found = readings("export", odd_export(field, value, is_inside) + EXPORT)
    assert len(found) >= 3
    assert all(isinstance(one, Record) for one in found[-2:])


@pytest.mark.django_db
@given(RECORD_FIELDS, values | EXTREMES, st.booleans())
def test_what_is_read_from_an_odd_export_can_be_stored(field: str, value: Any, is_inside: bool) -> None:
    found = [
        one for one in readings("export", odd_export(field, value, is_inside)) if isinstance(one, Record)
    ]
    with transaction.atomic():
        assert store(found, now=SEEN).new == len(found)
        transaction.set_rollback(True)


@given(st.lists(st.sampled_from(PAGE.split("\n")), max_size=40), st.randoms(use_true_random=False))
def test_the_lines_of_a_page_in_any_order_lose_nothing_without_saying_so(
    lines: list[str], shuffle: random.Random
) -> None:
    shuffle.shuffle(lines)
    found = parse("\n".join(["byAK and the research community", *lines]), page_year=2025)
    positions = [paper.position for paper in found.papers]
    assert positions == sorted(positions)
    assert len(set(positions)) + len(found.refusals) >= max(positions, default=0)
    assert all(paper.title and paper.abstract for paper in found.papers)
