"""Academic titles and degrees are no names, in whatever format and place somebody typed them."""

from __future__ import annotations

import json

import pytest
from tests.sources.inputs import source

from broadsheet.papers.record import AuthorName, Record
from broadsheet.sources.files.bibtex import read as read_bibtex
from broadsheet.sources.files.csl import read as read_csl
from broadsheet.sources.files.ris import read as read_ris

ADA = AuthorName("Ada Vale", "Vale", "Ada")
DEGREES = ["PhD", "Ph.D.", "Ph. D.", "MSc", "M.Sc.", "DPhil", "MD, PhD", "Ph.D., M.Sc.", "MD PhD", "Dr."]
TITLES = [
    "Dr.",
    "Dr",
    "Prof.",
    "Prof. Dr.",
    "Prof.Dr.",
    "Professor",
    "Dr. rer. nat.",
    "Univ.-Prof. Dr.",
    "Dr.-Ing.",
]


def in_bibtex(name: str) -> tuple[AuthorName, ...]:
    return authors(read_bibtex(source(f"@misc{{a, title={{Tides}}, author={{{name} and Fisk, Bo}}}}")))


def in_ris(name: str) -> tuple[AuthorName, ...]:
    return authors(read_ris(source(f"TY  - JOUR\nTI  - Tides\nAU  - {name}\nAU  - Fisk, Bo\nER  - \n")))


def in_csl(**parts: str) -> AuthorName:
    return authors(
        read_csl(
            source(json.dumps([{"type": "book", "title": "Tides", "author": [parts], "issued": "2024"}]))
        )
    )[0]


def authors(readings) -> tuple[AuthorName, ...]:
    [record] = readings
    assert isinstance(record, Record)
    return record.authors


@pytest.mark.parametrize("degree", [*DEGREES, "M.D.", "MBA", "M.A."])
@pytest.mark.parametrize("read", [in_bibtex, in_ris])
def test_a_degree_behind_a_name_in_parts_is_none_of_them(read, degree: str) -> None:
    assert read(f"Vale, Ada, {degree}") == (ADA, AuthorName("Bo Fisk", "Fisk", "Bo"))
    assert read(f"Vale, {degree}, Ada")[0] == ADA


@pytest.mark.parametrize("degree", [*DEGREES, "MD", "MBA"])
def test_a_degree_behind_a_whole_name_is_no_given_name(degree: str) -> None:
    assert in_bibtex(f"Ada Vale, {degree}")[0] == ADA
    assert in_ris(f"Ada Vale, {degree}")[0].name == "Ada Vale"
    assert in_csl(literal=f"Ada Vale, {degree}").name == "Ada Vale"
    assert in_csl(family="Ada Vale", given=degree).name == "Ada Vale"
    assert in_csl(family="Vale", given=f"Ada, {degree}") == ADA
    assert in_csl(family="Vale", given="Ada", suffix=degree) == ADA


@pytest.mark.parametrize("degree", ["PhD", "Ph.D.", "MSc", "MD", "M.D."])
def test_a_degree_without_a_comma_is_no_family_name(degree: str) -> None:
    assert in_bibtex(f"Ada Vale {degree}")[0] == ADA


@pytest.mark.parametrize("title", TITLES)
def test_a_title_before_a_name_is_no_part_of_it(title: str) -> None:
    assert in_bibtex(f"{title} Ada Vale")[0] == in_bibtex(f"Vale, {title} Ada")[0] == ADA
    assert in_ris(f"Vale, {title} Ada")[0] == in_csl(family="Vale", given=f"{title} Ada") == ADA
    assert in_ris(f"{title} Ada Vale")[0].name == "Ada Vale"
    assert in_csl(literal=f"{title} Ada Vale").name == "Ada Vale"


@pytest.mark.parametrize("suffix", ["Jr.", "Jr", "III", "Sr."])
def test_suffixes_stay(suffix: str) -> None:
    junior = AuthorName(f"Ada Vale {suffix}", "Vale", "Ada")
    assert in_bibtex(f"Vale, {suffix}, Ada")[0] == in_ris(f"Vale, Ada, {suffix}")[0] == junior
    assert in_csl(family="Vale", given="Ada", suffix=suffix) == junior
    assert in_bibtex(f"Vale, Ada, {suffix}, PhD")[0] == in_ris(f"Vale, Ada, {suffix}, PhD")[0] == junior


@pytest.mark.parametrize(
    ("written", "family", "given"),
    [
        ("Vale, MD", "Vale", "MD"),
        ("Vale, M. D.", "Vale", "M. D."),
        ("van Dam, MD", "van Dam", "MD"),
        ("Del Mar, MA", "Del Mar", "MA"),
        ("Brook Vale, M.D.", "Brook Vale", "M.D."),
        ("Dresden, Ada", "Dresden", "Ada"),
        ("Drew, Profita", "Drew", "Profita"),
        ("Ma, Do", "Ma", "Do"),
        ("Vale, D.", "Vale", "D."),
    ],
)
def test_what_may_be_initials_or_only_begins_like_a_title_stays(
    written: str, family: str, given: str
) -> None:
    name = AuthorName(f"{given} {family}", family, given)
    assert in_bibtex(written)[0] == in_ris(written)[0] == name


@pytest.mark.parametrize("group", ["Tide Lab", "Salt, Inc.", "Society for Drifting"])
def test_groups_stay_whole(group: str) -> None:
    assert in_ris(group)[0].name == group
