"""What BibTeX's whole books are called, and what fields take over from fields of other entries."""

from __future__ import annotations

import pytest
from tests.sources.inputs import records, refusals, remarks, source

from broadsheet.sources.files.bibtex import read


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("@proceedings{k, booktitle={Tides 2024}, year=2024}", "Tides 2024"),
        ("@proceedings{k, booktitle={Tides}, booksubtitle={Ebb}}", "Tides: Ebb"),
        ("@collection{k, booktitle={Tides}}", "Tides"),
        ("@mvproceedings{k, maintitle={Tides}}", "Tides"),
        ("@proceedings{k, title={Ebb}, booktitle={Tides}}", "Ebb"),
    ],
)
def test_a_whole_book_may_have_its_title_where_those_of_parts_are(entry: str, title: str) -> None:
    assert [one.title for one in records(list(read(source(entry))))] == [title]


def test_a_part_of_a_book_needs_a_title_of_its_own() -> None:
    [refusal] = refusals(list(read(source("@inproceedings{k, booktitle={Tides}}"))))
    assert refusal.reason == "the title is missing"


XDATA = """@xdata{x-1, author={Vale, Ada and Fisk, Bo}, title={Waves}, journaltitle={Tidal Letters}, date={2024-05},
  doi={10.9999/w}, publisher={xdata=y-publisher}}
@xdata{y, journaltitle={xdata={x-1-journaltitle}}}
"""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("title={xdata={x-1-title}}", ("Waves", [], "", [])),
        ("title={{xdata={x-1-title}}}", ("Waves", [], "", [])),
        ("title={T}, author={xdata=x-1-author}", ("T", ["Ada Vale", "Bo Fisk"], "", [])),
        ("title={T}, author={xdata={X-1-AUTHOR-2}}", ("T", ["Bo Fisk"], "", [])),
        ("title={T}, author={Ek, Cy and xdata=x-1-author-1}", ("T", ["Cy Ek", "Ada Vale"], "", [])),
        ("title={T}, author={xdata=x-1-author-9 and Ek, Cy}", ("T", ["Cy Ek"], "", [])),
        ("title={T}, journaltitle={xdata={x-1-journaltitle}}", ("T", [], "Tidal Letters", [])),
        ("title={T}, journaltitle={xdata=y-journaltitle}", ("T", [], "Tidal Letters", [])),
        ("title={T}, doi={xdata = {x-1-doi}}", ("T", [], "", ["doi:10.9999/w"])),
        ("title={On xdata=keys-and maps}", ("On xdata=keys-and maps", [], "", [])),
    ],
)
def test_a_field_may_refer_to_a_field_of_another_entry(
    fields: str, said: tuple[str, list[str], str, list[str]]
) -> None:
    [record] = records(list(read(source(f"{XDATA}@article{{k, {fields}}}"))))
    names = [author.name for author in record.authors]
    ids = [one.public_id for one in record.identifiers]
    assert (record.title, names, record.journal_ref, ids) == said


def test_a_reference_to_a_field_that_leads_nowhere_is_told() -> None:
    found = list(
        read(source(f"{XDATA}@article{{k, title={{T}}, journaltitle={{xdata={{z-journaltitle}}}}}}"))
    )
    assert [one.journal_ref for one in records(found)] == [""]
    assert remarks(found) == [
        "1 references to other entries (crossref or xdata) lead nowhere; what only those entries say is left out"
    ]
