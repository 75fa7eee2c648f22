"""A catalogue that is taken elsewhere, whole or change by change, is the same there."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.cast import ARXIV, HUGGING_FACE, SAVED_PAGE
from tests.sources.inputs import source

from broadsheet.papers import reading, verdicts
from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import (
    Paper,
    PaperIdentifier,
    PastText,
    Revision,
    Tombstone,
    Verdict,
)
from broadsheet.papers.record import AuthorName, Record, Version
from broadsheet.sources.importing import ImportReport, import_files
from broadsheet.sources.outgoing import export, following

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DOI = Identifier("doi", "10.1000/x")
JOURNAL = Record(
    source="bibtex", key="b", title="Another title", identifiers=(DOI,), authors=(AuthorName("Bo Li"),)
)


def version(number: int, **changed: Any) -> Record:
    return replace(ARXIV, versions=tuple(Version(n + 1) for n in range(number)), **changed)


def exported() -> list[bytes]:
    return list(export.lines(export_rows(), [], exported_at=NOW))


def names() -> list[tuple[str, str, str]]:
    return sorted(PaperIdentifier.objects.values_list("paper__public_id", "scheme", "value"))


def forget_everything() -> None:
    for model in (Paper, PastText, Tombstone, Revision, Verdict):
        model.objects.all().delete()


def read_files(*paths: Path) -> ImportReport:
    return import_files(paths, now=NOW, format_name=None, page_year=None, progress=lambda _: None)


def tangle() -> None:
    """Papers that were one as long as a source said so, one that had another name, twins that claim one DOI,
    a record without any that looks like either, and papers that somebody joined.
    """
    store([version(1), JOURNAL], now=NOW)
    store([version(2, identifiers=(*ARXIV.identifiers, DOI))], now=NOW)
    store([version(3, title="A third title")], now=NOW)
    other = {"title": "A walk on sand", "abstract": "We walk."}
    store([replace(SAVED_PAGE, key="s", **other)], now=NOW)
    walk = Identifier("arxiv", "2611.00009")
    store([replace(ARXIV, key="2611.00009", identifiers=(walk,), **other)], now=NOW)
    younger, elder = Identifier("acl", "P20-1001"), Identifier("acl", "P20-1002")
    twin = replace(JOURNAL, source="acl", title="Twins", published_at=NOW)
    shared = Identifier("doi", "10.1000/twins")
    store([replace(twin, key="P20-1002", identifiers=(elder, shared))], now=NOW)
    store([replace(twin, source="bibtex", key="twin", identifiers=())], now=NOW)
    store([replace(twin, key="P20-1001", identifiers=(younger, shared))], now=NOW)
    verdicts.join("2611.00009", "acl:P20-1001", by="Mira", because="A second title.", now=NOW)
    assert Paper.objects.count() == 5


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_an_export_is_read_back_as_the_papers_that_it_was_made_of(batch: int) -> None:
    tangle()
    before, known = exported(), names()
    forget_everything()
    records = list(export.read(source(b"".join(before))))
    for start in range(0, len(records), batch):
        store(records[start : start + batch], now=NOW)
    assert (exported(), names()) == (before, known)
    assert reading.resolve("acl:P20-1001") == reading.resolve("2611.00009")
    assert store(records, now=NOW).unchanged == len(records)


@pytest.mark.parametrize(("records", "days"), [(100, 4), pytest.param(2000, 99, marks=pytest.mark.thorough)])
def test_the_real_days_and_records_of_arxiv_are_the_same_after_an_export(
    records: int, days: int, shared: Path, tmp_path: Path
) -> None:
    snapshot = tmp_path / "snapshot.json"
    with gzip.open(shared / "data/arxiv-metadata-oai-snapshot.json.gz") as lines:
        snapshot.write_bytes(b"".join(islice(lines, records)))
    of_hugging_face = sorted((shared / "data" / "hf_daily").iterdir())[:days]
    assert read_files(snapshot, *of_hugging_face).is_done
    path, before, known = tmp_path / "papers.jsonl.zst", exported(), names()
    export.write(path, before)
    forget_everything()
    report = read_files(path)
    assert (report.refused, report.is_done) == (0, True)
    assert (exported(), names()) == (before, known)


def read(cursor: str = "0", *, limit: int = 2) -> Iterator[dict[str, Any]]:
    """The answers one after another, each written and read as JSON."""
    has_more = True
    while has_more:
        answer = orjson.loads(orjson.dumps(following.page(cursor, limit=limit)))
        yield answer
        cursor, has_more = answer["next"], answer["more"]


def test_who_follows_gets_each_paper_with_all_that_is_known_of_it() -> None:
    store([version(1, said={"thumbnail": "t"}), HUGGING_FACE], now=NOW)
    local = replace(SAVED_PAGE, title="A walk on sand", abstract="We walk.")
    store([local], now=NOW)
    name = Paper.objects.get(public_id__startswith="local:").public_id
    found = Identifier("arxiv", "2611.00009")
    store(
        [replace(version(1), key="2611.00009", title=local.title, abstract="We walk.", identifiers=(found,))],
        now=NOW,
    )
    store([version(2, title="New")], now=NOW)
    walk, gone, sharp = (one for answer in read() for one in answer["changes"])
    assert [walk["id"], walk["gone"], walk["names"]] == ["2611.00009", False, [name]]
    assert gone == {"id": name, "number": walk["number"], "gone": True}
    assert sharp["old_texts"][0]["title"] == ARXIV.title
    assert [one["source"] for one in sharp["records"]] == ["arxiv", "huggingface"]
    last = str(sharp["number"])
    assert list(read(last)) == [{"changes": [], "name_words": [], "next": last, "more": False}]


def test_whoever_follows_change_by_change_ends_with_the_same_catalogue() -> None:
    tangle()
    before, known = exported(), names()
    changed = [one for answer in read() for one in answer["changes"] if not one["gone"]]
    forget_everything()
    store([version(1), JOURNAL], now=NOW)  # an earlier visit: two papers still
    for change in changed:
        store([*export.read_paper("change", change)], now=NOW)
    assert (exported(), names()) == (before, known)


def test_what_comes_becomes_one_with_the_papers_that_were_here_before() -> None:
    store([replace(ARXIV, identifiers=(*ARXIV.identifiers, DOI))], now=NOW)
    (change,) = (one for answer in read() for one in answer["changes"])
    forget_everything()
    store([SAVED_PAGE, JOURNAL], now=NOW)
    assert Paper.objects.count() == 2
    store([*export.read_paper("change", change)], now=NOW)
    assert [name for name, _, _ in export_rows()] == ["2503.00001"]


def test_a_page_costs_the_same_queries_for_2_papers_and_for_20(count_queries: Any) -> None:
    store(
        [
            replace(ARXIV, key=f"{n}", title=f"Title {n}", identifiers=(Identifier("arxiv", f"2611.{n:05}"),))
            for n in range(1, 31)
        ],
        now=NOW,
    )
    assert count_queries(following.page, "0", limit=2) == count_queries(following.page, "0", limit=20) <= 6


@pytest.mark.parametrize("too_little", [0, 1])
def test_a_page_ends_where_it_would_be_too_large_and_the_next_one_goes_on(
    monkeypatch: Any, too_little: int
) -> None:
    tangle()
    whole = [one for answer in read(limit=100) for one in answer["changes"]]
    assert any("old_texts" in one for one in whole[:2])
    both = sum(len(orjson.dumps(one)) for one in whole[:2])
    monkeypatch.setattr(following, "LARGEST_PAGE", both - too_little)
    pages = list(read(limit=100))
    assert [one for page in pages for one in page["changes"]] == whole
    assert len(pages[0]["changes"]) == 2 - too_little


def test_a_paper_that_is_larger_than_a_page_comes_alone(monkeypatch: Any) -> None:
    tangle()
    whole = [one for answer in read(limit=100) for one in answer["changes"]]
    monkeypatch.setattr(following, "LARGEST_PAGE", 1)
    assert [page["changes"] for page in read(limit=100)] == [[one] for one in whole]
