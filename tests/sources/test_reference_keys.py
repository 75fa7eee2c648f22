"""References without an identifier: none takes the place of another one, whatever file they are in."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.inputs import SEEN

from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.merging import local_key
from broadsheet.papers.models import Paper, SourceRecord
from broadsheet.sources.importing import ImportReport, import_files

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Item:
    """A paper as each format writes it; all have the same first author and year."""

    title: str = "Editorial"
    journal: str = ""
    volume: str = ""
    pages: str = ""
    url: str = ""
    abstract: str = ""
    others: tuple[str, ...] = ()

    @property
    def authors(self) -> list[str]:
        return ["Vale, Ada", *self.others]


def as_bibtex(items: Sequence[Item]) -> str:
    fields = ("title", "journal", "volume", "pages", "url", "abstract")
    return "\n".join(
        f"@article{{k{number}, author={{{' and '.join(one.authors)}}}, year=2024, "
        + ", ".join(f"{name}={{{getattr(one, name)}}}" for name in fields if getattr(one, name))
        + "}"
        for number, one in enumerate(items)
    )


def as_ris(items: Sequence[Item]) -> str:
    tags = {"TI": "title", "T2": "journal", "VL": "volume", "SP": "pages", "UR": "url", "AB": "abstract"}
    return "".join(
        "TY  - JOUR\n"
        + "".join(f"AU  - {name}\n" for name in one.authors)
        + "".join(f"{tag}  - {getattr(one, name)}\n" for tag, name in tags.items() if getattr(one, name))
        + "PY  - 2024\nER  - \n"
        for one in items
    )


def as_csl(items: Sequence[Item]) -> str:
    names = {
        "title": "title",
        "container-title": "journal",
        "volume": "volume",
        "page": "pages",
        "URL": "url",
        "abstract": "abstract",
    }
    return json.dumps(
        [
            {
                "type": "article-journal",
                "author": [
                    dict(zip(("family", "given"), name.split(", "), strict=True)) for name in one.authors
                ],
                "issued": {"date-parts": [[2024]]},
            }
            | {name: getattr(one, field) for name, field in names.items() if getattr(one, field)}
            for one in items
        ]
    )


def as_pubmed(items: Sequence[Item]) -> str:
    tags = {"TI  ": "title", "JT  ": "journal", "VI  ": "volume", "PG  ": "pages", "AB  ": "abstract"}
    return "\n".join(
        "OWN - ERIC\n"
        + "".join(f"FAU - {name}\n" for name in one.authors)
        + "".join(f"{tag}- {getattr(one, name)}\n" for tag, name in tags.items() if getattr(one, name))
        + "DP  - 2024\n"
        for one in items
    )


def as_web_of_science(items: Sequence[Item]) -> str:
    tags = {"TI": "title", "SO": "journal", "VL": "volume", "BP": "pages", "UR": "url", "AB": "abstract"}
    return "FN Made up\nVR 1.0\n" + "".join(
        "PT J\nAF "
        + "\n   ".join(one.authors)
        + "\n"
        + "".join(f"{tag} {getattr(one, name)}\n" for tag, name in tags.items() if getattr(one, name))
        + "PY 2024\nER\n\n"
        for one in items
    )


WRITERS = {
    "bib": as_bibtex,
    "ris": as_ris,
    "json": as_csl,
    "nbib": as_pubmed,
    "txt": as_web_of_science,
}
APART = [
    Item(journal="Tidal Letters", volume="12", pages="1"),
    Item(journal="Tidal Letters", volume="12", pages="77"),
    Item(journal="Tidal Letters", volume="13", pages="1"),
    Item(journal="Dune Letters", volume="12", pages="1"),
    Item(volume="12"),
    Item(volume="13"),
    Item(pages="5"),
    Item(),
]
AT_ADDRESSES = [Item(url="https://tides.example.org/1"), Item(url="https://tides.example.org/2")]
OF_ONE_PLACE = [
    Item(journal="Tidal Letters", abstract="We thank all who measured."),
    Item(journal="Tidal Letters", abstract="We say goodbye to the old gauge."),
    Item(journal="Tidal Letters", abstract="A new year, a new gauge.", others=("Fisk, Bo",)),
    Item(journal="Tidal Letters", abstract="We say goodbye to the old gauge.", others=("Birk, Tom",)),
]


def imported(folder: Path, name: str, items: Sequence[Item]) -> ImportReport:
    file = folder / name
    file.write_text(WRITERS[name.rpartition(".")[2]](items))
    report = import_files([file], now=SEEN, format_name=None, page_year=None, progress=lambda _: None)
    assert report.refusals == report.failures == []
    return report


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("items", [APART, OF_ONE_PLACE, AT_ADDRESSES], ids=["places", "rest", "addresses"])
def test_no_paper_of_a_file_takes_the_place_of_another(tmp_path: Path, kind: str, items: list[Item]) -> None:
    if kind == "nbib" and items is AT_ADDRESSES:
        pytest.skip("PubMed has no addresses")
    report = imported(tmp_path, f"all.{kind}", items)
    assert (report.new + report.merged, SourceRecord.objects.count()) == (len(items), len(items))


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("items", [APART, OF_ONE_PLACE], ids=["places", "rest"])
def test_read_again_whole_backwards_or_alone_they_change_nothing(
    tmp_path: Path, kind: str, items: list[Item]
) -> None:
    imported(tmp_path, f"all.{kind}", items)
    for number, again in enumerate([items, items[::-1], *([one] for one in items)]):
        assert imported(tmp_path, f"again{number}.{kind}", again).unchanged == len(again)


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_what_says_less_lets_no_two_others_be_one(tmp_path: Path, order: tuple[int, ...]) -> None:
    items = [Item(abstract=abstract) for abstract in ("", "Ebb.", "Flood.")]
    imported(tmp_path, "all.bib", [items[place] for place in order])
    keys = set(SourceRecord.objects.values_list("key", flat=True))
    said = {record.abstract for *_, records in export_rows() for record in records}
    assert said >= {"Ebb.", "Flood."}
    for number, again in enumerate(itertools.permutations(items)):
        imported(tmp_path, f"again{number}.bib", again)
        assert set(SourceRecord.objects.values_list("key", flat=True)) == keys


@pytest.mark.parametrize("kind", WRITERS)
def test_files_of_one_paper_each_give_as_many_as_one_file_of_all(tmp_path: Path, kind: str) -> None:
    for number, one in enumerate(APART):
        imported(tmp_path, f"{number}.{kind}", [one])
    assert imported(tmp_path, f"all.{kind}", APART).unchanged == len(APART)
    assert SourceRecord.objects.count() == len(APART)


ANY = st.builds(
    Item,
    title=st.sampled_from(["Editorial", "Vorwort"]),
    journal=st.sampled_from(["", "Tides", "Dunes"]),
    volume=st.sampled_from(["", "1", "2"]),
    pages=st.sampled_from(["", "1"]),
    url=st.sampled_from(["", "https://tides.example.org/1"]),
    abstract=st.sampled_from(["", "Ebb.", "Flood."]),
)


@given(
    items=st.lists(ANY, min_size=1, max_size=6),
    kind=st.sampled_from(["bib", "ris", "json", "txt"]),
    data=st.data(),
)
@settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_a_file_has_is_there_after_it_and_stays_so(
    tmp_path: Path, items: list[Item], kind: str, data: st.DataObject
) -> None:
    Paper.objects.all().delete()
    imported(tmp_path, f"all.{kind}", items)
    places = {replace(one, abstract="") for one in items}
    assert SourceRecord.objects.count() >= len(places)
    again = data.draw(st.permutations(items))
    before = set(SourceRecord.objects.values_list("key", flat=True))
    imported(tmp_path, f"again.{kind}", again)
    assert set(SourceRecord.objects.values_list("key", flat=True)) == before
    assert imported(tmp_path, f"again.{kind}", again).unchanged == len(again)


@pytest.mark.parametrize("kind", WRITERS)
def test_what_an_earlier_release_stored_keeps_its_key(tmp_path: Path, kind: str) -> None:
    ours = [
        Item("Ebb and Flood", "Tidal Letters", "12", "4"),
        Item("Dunes", url="" if kind == "nbib" else "https://tides.example.org/dunes"),
    ]
    imported(tmp_path, f"all.{kind}", ours)
    stored = as_stored_before()
    imported_again = imported(tmp_path, f"again.{kind}", ours)
    assert (imported_again.unchanged, SourceRecord.objects.count()) == (2, 2)
    assert set(SourceRecord.objects.values_list("key", flat=True)) == stored


def as_stored_before() -> set[str]:
    """Stores what is there as releases did that made a key of title, family name and year alone; the keys."""
    records = [record for _, _, held in export_rows() for record in held]
    Paper.objects.all().delete()
    before = [replace(one, key=local_key(one.title, "Vale 2024"), known_as=()) for one in records]
    store(before, now=SEEN)
    return {one.key for one in before}


def test_of_two_papers_of_which_an_earlier_release_kept_one_both_are_there(tmp_path: Path) -> None:
    imported(tmp_path, "last.ris", APART[1:2])
    [kept] = as_stored_before()
    assert imported(tmp_path, "all.ris", APART[:2]).new == 1
    assert SourceRecord.objects.filter(key=kept).exists()
    assert imported(tmp_path, "all.ris", APART[:2]).unchanged == 2
