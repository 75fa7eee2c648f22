"""Academic titles and degrees are no names, in whatever format and place somebody typed them."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.sources.inputs import source

from broadsheet.papers.degrees import is_clear, is_degree_behind, untitled
from broadsheet.papers.names import told_apart
from broadsheet.papers.record import AuthorName, Record
from broadsheet.sources.files.bibtex import read as read_bibtex
from broadsheet.sources.files.crossref import read as read_crossref
from broadsheet.sources.files.csl import read as read_csl
from broadsheet.sources.files.openreview import read as read_openreview
from broadsheet.sources.files.ris import read as read_ris

ADA, BO = AuthorName("Ada Vale", "Vale", "Ada"), AuthorName("Bo Fisk", "Fisk", "Bo")
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


OTHER_WORDS = """
    Ada Vale Bo O'Fisk Meng J. K-L van de Ma MA M.A. RN Ed Phil Sc Ph D. MD MBA Ms By Other Etal Team Al Group and
    with Authors Appendix of The behalf Others II Jr. 0001 Lab. DO
"""
WORDS = st.sampled_from([*TITLES, *DEGREES, *OTHER_WORDS.split()])
PARTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(given=PARTS, family=PARTS)
@example(given="M.", family="D.")
def test_a_name_that_is_clear_at_a_glance_would_be_left_as_it_is_by_a_closer_look(
    given: str, family: str
) -> None:
    name = f"{given} {family}"
    if is_clear(name):
        assert untitled(name, family, given) == (name, family, given)
        assert untitled(name, "", "") == (name, "", "")
        assert told_apart(name) == (name,)
        assert not is_degree_behind(name)


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


def in_record(*authors: AuthorName) -> tuple[AuthorName, ...]:
    return Record(source="elsewhere", key="1", title="Tides", authors=authors).authors


@pytest.mark.parametrize("degree", [*DEGREES, "MD", "MBA", "M.S., RN"])
def test_whatever_source_has_it_a_degree_is_in_no_name(degree: str) -> None:
    whole = AuthorName("Ada Vale")
    assert in_record(AuthorName(f"Ada Vale, {degree}"), BO) == (whole, BO)
    assert in_record(AuthorName(f"Ada Vale ({degree})"), BO) == (whole, BO)
    assert in_record(AuthorName(f"Ada, {degree} Vale", "Vale", f"Ada, {degree}"), BO) == (ADA, BO)
    assert in_record(AuthorName(f"Ada Vale {degree}", "Vale", "Ada"), BO) == (ADA, BO)
    assert in_record(AuthorName(f"Ada Vale, {degree}", f"Vale, {degree}", "Ada"), BO) == (ADA, BO)


@pytest.mark.parametrize("title", [*TITLES, "Associate Professor", "Prof. em.", "Ms.", "Drs."])
def test_whatever_source_has_it_a_title_is_in_no_name(title: str) -> None:
    assert in_record(AuthorName(f"{title} Ada Vale"), BO) == (AuthorName("Ada Vale"), BO)
    assert in_record(AuthorName(f"{title} Ada Vale", "Vale", f"{title} Ada"), BO) == (ADA, BO)


def test_a_degree_with_a_place_of_its_own_in_a_list_is_nobody() -> None:
    cy = AuthorName("Cy Md")
    listed = (AuthorName("Ada Vale"), AuthorName("PhD"), BO, AuthorName("MD"), cy)
    assert in_record(*listed) == (listed[0], BO, cy)


@pytest.mark.parametrize(
    "author",
    [
        AuthorName("Md. Vale", "Vale", "Md."),
        AuthorName("MD Vale", "Vale", "MD"),
        AuthorName("Ada Ma", "Ma", "Ada"),
        AuthorName("Ada Vale, Jr."),
        AuthorName("Ada Vale Jr.", "Vale", "Ada"),
        AuthorName("Vale, Ada"),
        AuthorName("Ms Vale"),
    ],
)
def test_what_only_looks_like_a_degree_stays_whatever_source_has_it(author: AuthorName) -> None:
    assert in_record(author, BO) == (author, BO)


def test_readers_of_names_in_one_piece_and_in_parts_know_no_degrees() -> None:
    crossref = {"DOI": "10.9999/t", "title": ["Tides"], "is-referenced-by-count": 0}
    written = [{"family": "Vale, PhD", "given": "Dr. Ada", "ORCID": "https://orcid.org/0000-0001-2345-6789"}]
    [record] = read_crossref(source(json.dumps(crossref | {"author": written})))
    assert (record.authors, record.said) == ((ADA,), {"orcid": {"Ada Vale": "0000-0001-2345-6789"}})
    [record] = read_openreview(
        source(json.dumps({"notes": [{"id": "AbC", "forum": "AbC", "content": openreview_content()}]}))
    )
    assert record.authors == (AuthorName("Ada Vale"), AuthorName("Bo Fisk"))


def openreview_content() -> dict[str, object]:
    return {"title": "Tides", "authors": ["Dr. Ada Vale", "Bo Fisk, MSc"], "venueid": "Tides.example/2024"}


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
