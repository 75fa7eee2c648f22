"""What curators said of names comes along wherever the catalogue goes, once, and what was said there stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from tests.papers.test_attributing import NOW, chosen, record

from broadsheet.papers import attributing, attributions, authors, name_words
from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.models import (
    Affiliation,
    Attribution,
    Author,
    Authorship,
    Organization,
    Paper,
    Revision,
)
from broadsheet.papers.name_words import every_word
from broadsheet.papers.names import NameWord
from broadsheet.papers.text import unpiled
from broadsheet.sources import ingesting
from broadsheet.sources.importing import import_files
from broadsheet.sources.live import mirror
from broadsheet.sources.outgoing import export, following

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _said() -> None:
    store(
        [record(1, "Ada Vale", "Bo Fisk"), record(2, "A. Vale"), record(3, "Bo Fisk"), record(4, "Bo Fisk")],
        now=NOW,
    )
    store([record(5, "Cy Odd", at=["MIT"]), record(6, "Cy Odd", at=["Mass Tech"])], now=NOW)
    attributing.join("author", "a-vale", "ada-vale", now=NOW)
    attributing.move("author", "bo-fisk", chosen(3), None, now=NOW)
    attributing.join("organization", "masstech", "mit", now=NOW)
    attributing.show("organization", "mit", "M.I.T.", now=NOW)
    wrong = attributing.join("author", "cy-odd", "bo-fisk", now=NOW)
    attributing.take_back([wrong.pk], now=LATER)


def state() -> dict[str, list[str]]:
    names = [*Author.objects.values_list("slug", "name"), *Organization.objects.values_list("slug", "name")]
    rows = [
        *Authorship.objects.values_list("paper__public_id", "author", "name"),
        *Affiliation.objects.values_list("paper__public_id", "organization", "name"),
    ]
    return {"names": sorted(map(str, names)), "papers": sorted(map(str, rows))}


def exported(folder: Path) -> Path:
    file = folder / "all.jsonl"
    export.write(file, export.lines(export_rows(), every_word(), exported_at=NOW))
    return file


def forget() -> None:
    for table in (Attribution, Authorship, Affiliation, Author, Organization, Paper, Revision):
        table.objects.all().delete()


def bring(file: Path) -> None:
    report = import_files([file], now=LATER, format_name=None, page_year=None, progress=lambda _: None)
    assert (report.failures, report.refusals) == ([], [])


def test_an_export_read_elsewhere_makes_the_same_pages_and_read_here_changes_nothing(tmp_path):
    file, before, said = exported(tmp_path), state(), Attribution.objects.count()
    bring(file)
    assert (state(), Attribution.objects.count()) == (before, said)
    forget()
    bring(file)
    assert state() == before
    assert exported(tmp_path).read_bytes().count(b"name_word") == said - 1
    bring(file)
    assert state() == before


def test_what_curators_there_said_otherwise_or_took_back_stands(tmp_path):
    file = exported(tmp_path)
    (word,) = Attribution.objects.filter(slug="a-vale")
    attributing.take_back([word.pk], now=LATER)
    attributing.join("author", "a-vale", "cy-odd", now=LATER)
    bring(file)
    assert authors.author("a-vale").slug == "cy-odd"


def test_whoever_follows_hears_of_each_word_and_of_its_end():
    first = following.page("0", limit=100)
    began = orjson.loads(orjson.dumps(first))
    (word,) = Attribution.objects.filter(slug="masstech")
    attributing.take_back([word.pk], now=LATER)
    second = orjson.loads(orjson.dumps(following.page(first["next"], limit=100)))
    after = state()
    forget()
    for page in (began, second):
        readings = tuple(mirror._readings(page))
        ingesting.store([one for one in readings if hasattr(one, "source")], now=LATER)
        ingesting.name_words.take_over([one for one in readings if hasattr(one, "act")], now=LATER)
    assert state() == after
    assert attributions.pages("organization", ["masstech"]) == {"masstech": "masstech"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "weather"},
        {"act": "melt"},
        {"slug": "A Vale"},
        {"page": "x" * 200},
        {"slug": "ada-vale"},
        {"act": "show"},
        {"act": "move", "named": "nothing"},
        {"named": "x" * 999},
        {"at": None},
        {"named": "arxiv:2611.00001"},
        {"name": "\u202e"},
        {"name": ""},
    ],
)
def test_what_is_no_word_about_a_name_is_refused_by_its_place(wrong):
    right = {"kind": "author", "act": "join", "slug": "a-vale", "page": "ada-vale", "name": "A. Vale"}
    read = export.read_word("line 7", right | {"at": NOW.isoformat()} | wrong)
    assert isinstance(read, export.Refusal)
    assert read.place == "line 7"


@pytest.mark.parametrize(
    "line", [b"5", b"null", b"[]", b'"join"', b"{}", b'{"act": 5}', b'{"kind": ["author"]}', b'{"at": "1"}']
)
def test_what_is_no_word_at_all_is_refused_and_what_follows_is_read(tmp_path, line):
    file = exported(tmp_path)
    begin, *rest = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([begin, b'{"name_word": ', line, b"}\n", *rest]))
    forget()
    report = import_files([file], now=LATER, format_name=None, page_year=None, progress=lambda _: None)
    assert [(one.place, report.failures) for one in report.refusals] == [("line 2", [])]
    assert authors.author("a-vale").slug == "ada-vale"


def said(**word: object) -> NameWord:
    common = {"kind": "author", "act": "join", "at": NOW.isoformat(), "name": "A. Vale"}
    read = export.read_word("line 7", common | word)
    assert isinstance(read, NameWord), read
    return read


def test_a_word_from_elsewhere_holds_what_our_own_hold(tmp_path):
    moved = said(
        act="move", slug="a-vale", page="bo-fisk", named="https://arxiv.org/abs/2611.00002v3", name="x" * 999
    )
    assert (moved.named, moved.name) == ("arxiv:2611.00002", "")
    assert said(slug="b", page="c", name="A" + "\u0301" * 99).name == unpiled("A" + "\u0301" * 99)


def test_words_from_elsewhere_lead_over_no_more_names_than_may_be_looked_up(count_queries):
    many = attributing.LONGEST_WAY + 30
    words = [
        said(slug=f"n{n}", page=f"n{n + 1}", at=(LATER - timedelta(seconds=n)).isoformat())
        for n in range(many)
    ]
    assert name_words.take_over(words, now=LATER) < many
    assert count_queries(authors.author, "n0") < attributing.LONGEST_WAY + 10
    assert count_queries(authors.author, f"n{many}") < attributing.LONGEST_WAY + 10
