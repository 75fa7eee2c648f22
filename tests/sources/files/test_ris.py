"""RIS in the dialects of those who write it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import RIS

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Publication, Record
from broadsheet.sources.files.readings import BrokenOffError, FileError, Refusal
from broadsheet.sources.files.ris import read
from broadsheet.sources.formats import recognise


def record_of(*lines: str) -> Record:
    [record] = read(source("\n".join(["TY  - JOUR", "TI  - T", *lines, "ER  - "])))
    assert isinstance(record, Record), record
    return record


def record_of_lines(*lines: str) -> Record:
    [record] = read(source("\n".join(["TY  - JOUR", *lines, "ER  - "])))
    assert isinstance(record, Record), record
    return record


def test_a_record_says_all_that_its_tags_say() -> None:
    first, second = read(source(RIS))
    assert first == Record(
        source="ris",
        key="doi:10.1234/tides.1",
        title="Tide Tables for Schedulers",
        abstract="We forecast the load of shared clusters.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Tomas Birk Jr.", "Birk", "Tomas"),
            AuthorName("North Lab", "North Lab"),
        ),
        identifiers=(Identifier("doi", "10.1234/tides.1"),),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        links=(Link("page", "https://example.org/tides;1"), Link("pdf", "https://example.org/tides.pdf")),
        journal_ref="Tidal Letters 12(3), pages 4–9",
        publication=Publication("article", "Tidal Letters", "12", "3", "4–9"),
        keywords=("tides", "load"),
        observed_at=SEEN,
    )
    assert second == Record(
        source="ris",
        key="2611.04242",
        title="Walking on Sand",
        authors=(AuthorName("Mira Koren", "Koren", "Mira"),),
        identifiers=(Identifier("arxiv", "2611.04242"),),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        published_precision="year",
        observed_at=SEEN,
    )


@pytest.mark.parametrize(
    ("lines", "identifiers"),
    [
        (["M1  - arXiv:2611.04242"], ["2611.04242"]),
        (["AN  - 2611.04242", "DB  - arXiv.org"], ["2611.04242"]),
        (["C7  - 2611.04242", "T2  - arXiv preprint"], ["2611.04242"]),
        (["M1  - 2611.04242"], []),
        (["UR  - http://arxiv.org/abs/2611.04242", "M1  - 3"], ["2611.04242"]),
        (["N1  - arXiv:2611.04242 [cs]"], ["2611.04242"]),
        (["M3  - 10.1234/a"], ["doi:10.1234/a"]),
        (["DO  - https://doi.org/10.1234/a"], ["doi:10.1234/a"]),
        (["L1  - https://aclanthology.org/P06-1001.pdf"], ["acl:P06-1001"]),
        (["L3  - 10.1234/a"], ["doi:10.1234/a"]),
        (["LK  - https://doi.org/10.1234/a"], ["doi:10.1234/a"]),
        (["N1  - doi:10.1234/a"], ["doi:10.1234/a"]),
        (["N1  - Cited By :12", "DOI: 10.1234/a; Export Date: 1 May 2026"], ["doi:10.1234/a"]),
        (["N1  - 10.1234/a", "N1  - doi 10.1234/b"], ["doi:10.1234/a"]),
        (["N1  - A comment on 10.1234/other"], []),
        (["N1  - Erratum in doi: 10.1234/other"], []),
        (["N1  - Cited By :3; doi:10.1234/a"], ["doi:10.1234/a"]),
        (["UR  - https://example.org/a https://doi.org/10.1234/a"], ["doi:10.1234/a"]),
    ],
)
def test_identifiers_are_found_wherever_programs_put_them(lines: list[str], identifiers: list[str]) -> None:
    assert [one.public_id for one in record_of(*lines).identifiers] == identifiers


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["PY  - 2024"], (2024, 1, 1)),
        (["PY  - 2024/05/03/"], (2024, 5, 3)),
        (["Y1  - 2024///"], (2024, 1, 1)),
        (["PY  - 2024", "DA  - 2024/05/03"], (2024, 5, 3)),
        (["PY  - 2024", "DA  - May 3"], (2024, 5, 3)),
        (["PY  - 2024", "DA  - 2026/11/22"], (2024, 1, 1)),
        (["Y1  - 2016/10/19", "PY  - 2016"], (2016, 10, 19)),
        (["PY  - 2016", "Y1  - 2016/10/19"], (2016, 10, 19)),
        (["PY  - 2013", "DA  - 2014/04/01"], (2014, 4, 1)),
        (["DA  - 2014/04", "PY  - 2014", "Y1  - 2014/04/01/"], (2014, 4, 1)),
        (["PY  - ", "PY  - 2014/04"], (2014, 4, 1)),
        (["DA  - 2024/05"], (2024, 5, 1)),
        (["PY  - soon"], None),
        (["PY  - 2024", "DA  - 3. März 2024"], (2024, 3, 3)),
        (["PY  - 2024/Mai//"], (2024, 5, 1)),
        (["PY  - 2024", "DA  - juillet"], (2024, 7, 1)),
        (["PY  - 2024", "DA  - Brumaire"], (2024, 1, 1)),
    ],
)
def test_the_day_of_publication_is_as_exact_as_the_record(
    lines: list[str], day: tuple[int, int, int] | None
) -> None:
    assert record_of(*lines).published_at == (day and datetime(*day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("lines", "reference"),
    [
        (["JO  - Tides", "VL  - 12"], "Tides 12"),
        (["JF  - Tides", "SP  - 4-9"], "Tides, pages 4–9"),
        (["JF  - Tides", "C7  - 104321"], "Tides, pages 104321"),
        (["JF  - Tides", "C7  - 10.9999/w"], "Tides"),
        (["C3  - Proceedings of TIDE", "SP  - 4", "EP  - 4"], "Proceedings of TIDE, pages 4"),
        (["T2  - arXiv"], ""),
        (["JO  - Tid. Lett.", "T2  - Tidal Letters"], "Tidal Letters"),
        (["JA  - Tid. Lett.", "JF  - Tidal Letters"], "Tidal Letters"),
        (["BT  - Waves in Practice", "SP  - 4"], "Waves in Practice, pages 4"),
    ],
)
def test_where_it_was_published_is_one_line(lines: list[str], reference: str) -> None:
    assert record_of(*lines).journal_ref == reference


def test_lines_that_go_on_belong_to_the_tag_before_them() -> None:
    record = record_of("AB  - We walk", "on sand.", "KW  - sand", "legs", "AU  - Birk, Tomas", "ZZ  - x")
    assert record.abstract == "We walk on sand."
    assert record.keywords == ("sand", "legs")


def test_keywords_may_stand_in_one_line() -> None:
    assert record_of("KW  - tides; load", "KW  - sand").keywords == ("tides", "load", "sand")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["A1  - Vale, Ada", "AU  - Fisk, Bo"], ["Ada Vale", "Bo Fisk"]),
        (["AU  - Fisk, Bo", "A1  - Vale, Ada", "AU  - Ek, Cy"], ["Bo Fisk", "Ada Vale", "Cy Ek"]),
        (["A1  - Vale, Ada", "AU  - Vale, Ada"], ["Ada Vale"]),
        (["AU  - Vale, Ada", "AU  - Fisk, Bo", "A1  - Vale, Ada"], ["Ada Vale", "Bo Fisk"]),
        (["A1  - Vale, Ada", "A1  - Fisk, Bo", "AU  - Vale, A.", "AU  - Fisk, B."], ["Ada Vale", "Bo Fisk"]),
        (["AU  - Wang, Wei", "A1  - Wang, Li"], ["Wei Wang", "Li Wang"]),
        (["AU  - Vale, Ada and Fisk, Bo"], ["Ada Vale", "Bo Fisk"]),
        (["AU  - Ada Vale and Bo Fisk"], ["Ada Vale", "Bo Fisk"]),
        (["AU  - Ministry of Tides and Marine Waves"], ["Ministry of Tides and Marine Waves"]),
        (["AU  - Vale, Jr., Ada", "AU  - Fisk, Bo, III"], ["Ada Vale Jr.", "Bo Fisk III"]),
        (["AU  - Vale, Ada et al."], ["Ada Vale"]),
        (["AU  - Salt Works, Inc."], ["Salt Works, Inc."]),
        (["AU  - University of Tides, Department of Waves"], ["University of Tides, Department of Waves"]),
        (["AU  - Tide Laboratory, Group B, Oslo"], ["Tide Laboratory, Group B, Oslo"]),
        (["AU  - Centre for Tides, Norway", "AU  - Center, Ada"], ["Centre for Tides, Norway", "Ada Center"]),
        (["AU  - A. Vale, B. C. Fisk"], ["A. Vale", "B. C. Fisk"]),
        (["AU  - Vale, A.,Fisk, B.-C."], ["A. Vale", "B.-C. Fisk"]),
        (["AU  - Vale, Ada Jr.", "AU  - Fisk, Bo II"], ["Ada Vale Jr.", "Bo Fisk II"]),
        (["AU  - Ada Vale, Tide University"], ["Ada Vale"]),
        (["AU  - Vale, Ada https://orcid.org/0000-0000-0000-0001"], ["Ada Vale"]),
        ([r"AU  - {\'A}lvarez, Jos{\'e}"], ["José Álvarez"]),
        (["AU  - Vale, Ada", "AU  - Vale, Ada"], ["Ada Vale", "Ada Vale"]),
        (["AU  - Vale, Ada; Fisk, Bo"], ["Ada Vale", "Bo Fisk"]),
        (["AU  - &#193;lvarez, Jos&eacute;"], ["José Álvarez"]),
        (["AU  - Vale, Ada", "AU  - et al."], ["Ada Vale"]),
        (["AU  - Vale, Ada", "AU  - and others"], ["Ada Vale"]),
        (["A2  - Editor, Eve"], []),
        *(
            ([f"AU  - {written}"], ["Ada Vale"])
            for written in (
                *(
                    "Vale, Ada (Lab)",
                    "Vale, Ada (North Lab; Oslo)",
                    "Vale, Ada (Tides and Waves)",
                    "Vale, Ada [1]",
                ),
                *("Vale, Ada*", "Vale, Ada¹", "Vale, Ada¹,²", "Vale, Ada 1,2", "Vale, Ada1", "Vale, Ada1,2*"),
                *("Vale, Ada1,*", "Vale, Ada*,1", "Vale*, Ada", "Vale¹, Ada", "Vale, Ada †‡", "Vale, Ada ✉"),
                *("Ada Vale*", "Ada Vale1", "Ada Vale (North Lab)", "Vale, Ada, University of Tides"),
                *(
                    "Vale, Ada <ada@example.org>",
                    "Vale, Ada (ed.)",
                    "Vale, Ada, 1950-2020",
                    "Vale, Ada, 1950-",
                ),
            )
        ),
        (["AU  - Vale, Ada (Lab) and Fisk, Bo (Lab)"], ["Ada Vale", "Bo Fisk"]),
        (["AU  - Vale, Ada*; Fisk, Bo¹"], ["Ada Vale", "Bo Fisk"]),
        *(
            ([f"AU  - {name}"], [name])
            for name in ("Tidal Exploration Lab (TEL)", "Team 3", "Claude 3", "Robert (Bob) Vale", "X Æ A-12")
        ),
    ],
)
def test_authors_are_those_of_the_file_in_its_order(lines: list[str], names: list[str]) -> None:
    assert [author.name for author in record_of(*lines).authors] == names


@pytest.mark.parametrize("form", ["{} - {}", "  {}  - {}", "{}   - {}", "\t{} - {}", "{}  -{}"])
def test_blanks_around_a_tag_mean_nothing(form: str) -> None:
    said = [("TY", "JOUR"), ("TI", "Waves"), ("AU", "Vale, Ada"), ("DO", "10.1234/a"), ("ER", "")]
    [record] = read(source("\n".join(form.format(*one) for one in said)))
    assert isinstance(record, Record)
    assert (record.title, record.authors[0].name, record.key) == ("Waves", "Ada Vale", "doi:10.1234/a")


SAID = [("TY", "JOUR"), ("TI", "Waves – and tides"), ("AU", "Vale, Ada"), ("DO", "10.1234/a"), ("ER", "")]


@pytest.mark.parametrize("dash", "-‐‑‒–—―−")
@pytest.mark.parametrize(
    "form", ["{}  {} {}", "{} {} {}", "{}\u00a0\u00a0{} {}", "{}\u2002{}\u00a0{}", "\u00a0{}  {} {}"]
)
def test_dashes_and_blanks_of_word_processors_part_tag_and_text_too(dash: str, form: str) -> None:
    [record] = read(source("\n".join(form.format(tag, dash, text) for tag, text in SAID)))
    assert isinstance(record, Record)
    assert (record.title, record.authors[0].name, record.key) == (
        "Waves – and tides",
        "Ada Vale",
        "doi:10.1234/a",
    )


@pytest.mark.parametrize("form", ["{}-{}", "{}–{}", "{} -{}", "{}- {}"])
def test_nothing_may_stand_between_tag_and_text_where_the_type_shows_that(form: str) -> None:
    lines = [form.format(*one) for one in SAID]
    [record] = read(
        source("\n".join([*lines[:-1], form.format("AB", "We walk"), "IS-based on sand", lines[-1]]))
    )
    assert isinstance(record, Record)
    assert (record.title, record.authors[0].name, record.key) == (
        "Waves – and tides",
        "Ada Vale",
        "doi:10.1234/a",
    )
    assert record.abstract == "We walk IS-based on sand"


def test_a_file_with_dashes_in_windows_1252_is_recognised() -> None:
    content = "\r\n".join(f"{tag}  – {text}" for tag, text in SAID).encode("cp1252")
    assert recognise(content) == "ris"
    assert [one.title for one in records(list(read(source(content))))] == ["Waves – and tides"]


@pytest.mark.parametrize(
    "lines",
    [
        ["TI  - Waves AU  - Vale, Ada PY  - 2024"],
        ["TI  - Waves AU  - Vale, Ada", "PY  - 2024 ER  - "],
        ["TI  - Waves", "AU  - Vale, Ada PY  - 2024"],
    ],
)
def test_tags_may_have_lost_their_line_ends(lines: list[str]) -> None:
    record = record_of_lines(*lines)
    assert (record.title, record.authors[0].name, str(record.published_at)[:4]) == (
        "Waves",
        "Ada Vale",
        "2024",
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["TI  - Waves", "DOI - 10.9999/tide.1"],
        ["TI  - Waves", "DOI  - 10.9999/tide.1"],
        ["TI  - Waves", "DOI – https://doi.org/10.9999/tide.1"],
        ["TI  - Waves", "DOI: 10.9999/tide.1"],
        ["TI  - Waves", "URL - https://doi.org/10.9999/tide.1"],
        ["TI  - Waves DOI - 10.9999/tide.1"],
        ["TI  - Waves DO  - 10.9999/tide.1"],
        ["TI  - Waves. DOI: 10.9999/tide.1"],
        ["TI  - Waves (doi:10.9999/tide.1)"],
        ["TI  - Waves", "DO  - 10.9999/", "tide.1"],
        ["TI  - Waves", "DO  - 10.9999/tide", "      .1"],
        ["TI  - Waves", "DO  - https://doi.org/", "10.9999/tide.1"],
        ["TI  - Waves", "DO  - ", "10.9999/tide.1"],
        ["TI  - Waves", "M3  - 10.9999/ti", "de.1"],
        ["TI  - Waves", "UR  - https://doi.org/10.9999/", "tide.1"],
        ["TI  - Waves", "DO  - 10.9999/tide.1", "Epub 2024 May 3"],
        ["TI  - Waves", "DO  - 10.9999/tide.1", "10.9999/tide.2"],
        ["TI  - Waves", "DO  - 10.9999/tide.1 10.9999/tide.2"],
        ["TI  - Waves", "DO  - 10.9999 / tide.1"],
        ["TI  - Waves", "DO  - 10.9999/tide.1;10.9999/tide.2"],
        ["TI  - Waves", "DO  - 10.9999/tide.1; 10.9999/tide.2"],
    ],
)
def test_a_doi_is_whole_wherever_its_line_breaks_or_is_glued(lines: list[str]) -> None:
    record = record_of_lines(*lines)
    assert record.title == "Waves"
    assert [one.public_id for one in record.identifiers] == ["doi:10.9999/tide.1"]


def test_a_dash_in_a_text_stays_as_it_is() -> None:
    assert record_of("AB  - We walk", "– on sand", "AT – once").abstract == "We walk – on sand AT – once"


def test_a_title_may_speak_of_what_to_do() -> None:
    assert record_of_lines("TI  - What to DO - 10 ways").title == "What to DO - 10 ways"


def test_lower_case_tags_are_tags() -> None:
    [record] = read(source("ty  - JOUR\nti  - Waves\nau  - Vale, Ada\ner  - \n"))
    assert isinstance(record, Record)
    assert record.title == "Waves"


def test_what_stands_before_the_type_of_a_record_belongs_to_it() -> None:
    found = list(
        read(source("DB  - x\nTY  - JOUR\nTI  - Waves\nER  - \nDO  - 10.1234/b\nTY  - GEN\nTI  - B\nER  -"))
    )
    assert [one.title for one in records(found)] == ["Waves", "B"]
    assert [one.key for one in records(found)][1] == "doi:10.1234/b"


def test_a_text_may_look_a_little_like_tags() -> None:
    record = record_of("AB  - We walk", "US - Canada", "in - and out", "AI - based", "ER-positive")
    assert record.abstract == "We walk US - Canada in - and out AI - based ER-positive"


def test_an_abstract_may_stand_in_the_notes_of_older_programs() -> None:
    assert record_of("N2  - <p>We walk.</p>").abstract == "We walk."


def test_corporate_authors_and_empty_ones_are_told_apart() -> None:
    assert record_of("AU  - North Lab,", "AU  - ", "AU  - ,").authors == (
        AuthorName("North Lab", "North Lab"),
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_forgotten_end_of_record_change_nothing(line_end: str) -> None:
    lines = [line for line in f"\ufeffProvider: somebody\n\n{RIS}".split("\n") if not line.startswith("ER")]
    assert list(read(source(line_end.join(lines)))) == list(read(source(RIS)))


def test_a_record_without_title_is_refused_with_its_line_and_the_others_stay() -> None:
    found = list(read(source(f"{RIS}TY  - JOUR\nAU  - Vale, Ines\nER  - \n{RIS}")))
    assert len(records(found)) == 4
    [refusal] = refusals(found)
    assert refusal == Refusal(f"line {RIS.count(chr(10)) + 1}", "the title is missing")


def test_a_record_that_never_ends_is_refused() -> None:
    found = list(read(source(f"{RIS}TY  - JOUR\nAB  - {'more words' * 9}{chr(10) * 100_000}")))
    assert [one.reason for one in refusals(found)] == ["it has more than 100,000 lines or 16 MB"]


def test_a_file_that_is_no_ris_is_refused() -> None:
    with pytest.raises(FileError, match="it has no record: none of its lines begins with TY"):
        list(read(source("nothing")))


def test_of_a_damaged_file_the_records_before_the_damage_are_kept() -> None:
    content = "".join(f"TY  - GEN\nTI  - Title {n * n}\nER  - \n" for n in range(5_000))
    compressed = gzip.compress(content.encode())
    found = []
    with pytest.raises(BrokenOffError, match="ends too early"):
        found.extend(read(source(compressed[: len(compressed) // 2])))
    assert len(found) > 1000
    assert refusals(found) == []


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("DO  - 10.9999/w.1 [doi]", "doi:10.9999/w.1"),
        ("DO  - 10.9999%2Fw.1", "doi:10.9999/w.1"),
        ("C1  - 10.9999/w.1", "doi:10.9999/w.1"),
        ("LB  - arXiv:2401.00001", "2401.00001"),
        ("T2  - arXiv\nVL  - 2401.00001", "2401.00001"),
        ("JO  - arXiv e-prints\nSP  - arXiv:2401.00001", "2401.00001"),
    ],
)
def test_identifiers_are_found_where_other_programs_put_them(line: str, identifier: str) -> None:
    assert [one.public_id for one in record_of(*line.split("\n")).identifiers] == [identifier]


@pytest.mark.parametrize(
    "name",
    ["van den Berg, Ada", "de Vale, Bo", "d'Arc, Jo", "al-Tide, Noor", "von der Flut, A.", "Vale, Ada"],
)
def test_close_tags_have_names_that_begin_in_small_letters(name: str) -> None:
    [record] = read(source(f"TY-JOUR\nTI-Tides\nAU-{name}\nAB-We measure\nAU-rich elements in cells.\nER-\n"))
    assert isinstance(record, Record)
    assert ([author.family for author in record.authors], record.abstract) == (
        [name.partition(",")[0]],
        "We measure AU-rich elements in cells.",
    )
