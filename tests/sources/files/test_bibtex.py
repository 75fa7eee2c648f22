"""BibTeX as people, journals and reference managers write it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.inputs import SEEN, records, refusals, remarks, source
from tests.sources.references import BIBTEX

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Publication, Record
from broadsheet.papers.text import plain
from broadsheet.sources.files.bibtex import read
from broadsheet.sources.files.readings import BrokenOffError, FileError


def record_of(fields: str, kind: str = "article") -> Record:
    [record] = read(source(f"@{kind}{{key, title = {{T}}, {fields}}}"))
    assert isinstance(record, Record), record
    return record


def test_an_entry_becomes_a_record_with_all_it_says() -> None:
    first, second = read(source(BIBTEX))
    assert first == Record(
        source="bibtex",
        key="acl:2024.tide-long.1",
        title=r"TIDE: Forecasts in $O(n^2)$ for M\"ork{\o}",
        abstract="We forecast the load. It works.\n\nTwice.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Jörg von Müller Jr", "von Müller", "Jörg"),
            AuthorName("North Lab and Friends", "North Lab and Friends"),
        ),
        identifiers=(
            Identifier("doi", "10.18653/v1/2024.tide-long.1"),
            Identifier("acl", "2024.tide-long.1"),
        ),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        journal_ref="Proceedings of TIDE 2024 12(3), pages 4–9",
        publication=Publication("inproceedings", "Proceedings of TIDE 2024", "12", "3", "4–9"),
        keywords=("tides", "load, forecast"),
        observed_at=SEEN,
    )
    assert plain(first.title) == "TIDE: Forecasts in O(n²) for Mörkø"
    assert (second.title, second.key) == ("Walking on Sand", "2611.04242")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{BERT}: {D}eep", "BERT: Deep"),
        ("{{All of It}}", "All of It"),
        (r"Q\&{A} \& {BERT} \_{X}", "Q&A & BERT _X"),
        (r"M{\"u}ller and G{\"{o}}del", "Müller and Gödel"),
        (r"Erd{\H{o}}s, {\L}ukasz, S{\o}ren, {\v{S}}koda, {\v S}koda", "Erdős, Łukasz, Søren, Škoda, Škoda"),
        (r"Garc{\'\i}a and {\'E}cole", "García and École"),
        (r"{$\alpha$}-Nets in ${\mathcal{O}}(n)$", "α-Nets in O(n)"),
        (r"{\em One {B}} two \textbf{a {B} c}", "One B two a B c"),
        (r"\href{https://example.org/a}{There} {B}e", "There (https://example.org/a) Be"),
        (r"{\TeX82 {T}ides} Core\textendash{{Shell}} III\textendash{V}", "TeX82 Tides Core–Shell III–V"),
        (r"\{a\} \& 30{,}078 \% of x^{2}", "{a} & 30,078 % of x²"),
        ("Fish <i>and</i> H<sub>2</sub>O", "Fish and H₂O"),
        ("wrapped\n      here", "wrapped here"),
    ],
)
def test_braces_that_only_protect_are_not_shown_and_those_of_tex_work(written: str, shown: str) -> None:
    [record] = read(source(f"@misc{{a, title = {{{written}}}}}"))
    assert plain(record.title) == shown


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Vale, Ines and Tomas Birk", [("Ines Vale", "Vale", "Ines"), ("Tomas Birk", "Birk", "Tomas")]),
        ("Ludwig van Beethoven", [("Ludwig van Beethoven", "van Beethoven", "Ludwig")]),
        ("de la Cruz, III, Ana", [("Ana de la Cruz III", "de la Cruz", "Ana")]),
        ("{North Lab and Friends}", [("North Lab and Friends", "North Lab and Friends", "")]),
        ("A.~B. Smith\n  and\n  Plato", [("A. B. Smith", "Smith", "A. B."), ("Plato", "Plato", "")]),
        (r"H{\aa}kon {\'A}sg{\'{\i}}r", [("Håkon Ásgír", "Ásgír", "Håkon")]),
        ("Vale, Ines and others", [("Ines Vale", "Vale", "Ines")]),
        (
            "{Salt and Sons}, Inc. and Vale, Ines",
            [("Salt and Sons, Inc.",) * 2 + ("",), ("Ines Vale", "Vale", "Ines")],
        ),
        ("林 海 and 林, 海", [("林海", "林", "海"), ("林海", "林", "海")]),
        ("", []),
    ],
)
def test_names_are_taken_apart_as_bibtex_does(written: str, names: list[tuple[str, str, str]]) -> None:
    authors = record_of(f"author = {{{written}}}").authors
    assert [(one.name, one.family, one.given) for one in authors] == names


def test_what_scopus_writes_is_read() -> None:
    record = record_of("journal={T}, pages={4 – 9}, author_keywords={Tides; Waves}")
    assert (record.journal_ref, record.keywords) == ("T, pages 4–9", ("Tides", "Waves"))


@pytest.mark.parametrize("year", [r"\noop{1999}2024", r"{\noopsort{1999b}}2024", r"{\noop{1999}}{2024}"])
def test_what_only_sorts_is_no_year(year: str) -> None:
    assert record_of(f"year = {{{year}}}").published_at == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ("eprint={2611.04242}, archivePrefix={arXiv}", ["2611.04242"]),
        ("eprint={2611.04242v3}, eprinttype={arxiv}", ["2611.04242"]),
        ("eprint={arXiv:2611.04242}", ["2611.04242"]),
        ("eprint={astro-ph/0403325}", ["astro-ph/0403325"]),
        ("eprint={2611.04242}, eprinttype={jstor}", []),
        ("journal={arXiv preprint arXiv:2611.04242}", ["2611.04242"]),
        ("journal={CoRR}, volume={abs/2611.04242}", ["2611.04242"]),
        ("note={arXiv:2611.04242 [cs]}", ["2611.04242"]),
        ("note={Extends arXiv:2611.04242 by a proof}", []),
        ("number={2611.04242}", []),
        ("arxivId={2611.04242}, archivePrefix={arXiv}", ["2611.04242"]),
        ("arxiv={arXiv:2611.04242v2}", ["2611.04242"]),
        ("eprint={2611.04242}, archivePrefix={arXiv.org}", ["2611.04242"]),
        (r"eprint={2611.04242}, eprinttype={\textsc{arxiv}}", ["2611.04242"]),
        ("journal={arXiv}, volume={2611.04242}", ["2611.04242"]),
        ("journal={arXiv preprint}, pages={2611.04242}", ["2611.04242"]),
        ("institution={arXiv}, number={2611.04242v1}", ["2611.04242"]),
        ("journal={Tidal Letters}, volume={2611.04242}", []),
        (r"note={{\tt arXiv:2611.04242}}", ["2611.04242"]),
        ("note={Preprint at arXiv:2611.04242}", ["2611.04242"]),
        ("note={Available online: https://doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("note={Data available at https://doi.org/10.9999/w}", []),
        ("note={In press, accepted 3 May 2024. DOI: 10.9999/w, online first}", ["doi:10.9999/w"]),
        ("note={Epub ahead of print (https://doi.org/10.9999/w).}", ["doi:10.9999/w"]),
        ("note={Online first, 10.9999/w and 10.9999/v}", []),
        ("note={An extended version of 10.9999/w.}", []),
        ("doi={10.9999/v}, note={Online first, 10.9999/w.}", ["doi:10.9999/v"]),
        ("eprint={10.9999/w}, eprinttype={doi}", ["doi:10.9999/w"]),
        (r"doi={10.9999/\allowbreak w}", ["doi:10.9999/w"]),
        (r"doi={10.9999/w\discretionary{}{}{}1\relax}", ["doi:10.9999/w1"]),
        (r"doi={10.9999\slash w}", ["doi:10.9999/w"]),
        (r"doi={\textsc{10.9999/w}}", ["doi:10.9999/w"]),
        ("doiurl={https://doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("bdsk-url-1={https://x.test/y}, bdsk-url-2={https://doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("doi={{10.9999/w.1}}", ["doi:10.9999/w.1"]),
        ("eprint={{2611.04242}}", ["2611.04242"]),
        ("eprint={https://arxiv.org/abs/2611.04242}", ["2611.04242"]),
        ("eprint={2611.04242v2 [cs.CL]}", ["2611.04242"]),
        ("eprint={{HEP-TH/9901001}}, archivePrefix={{arXiv}}", ["hep-th/9901001"]),
        ("eprint={9901001}, archivePrefix={arXiv}, primaryClass={hep-th}", ["hep-th/9901001"]),
        ("eprint={9901001}, archivePrefix={hep-th}", ["hep-th/9901001"]),
        ("eprint={9901001v2}, archiveprefix={HEP-TH}, primaryClass={gr-qc}", ["hep-th/9901001"]),
        ("eprint={0309136}, archiveprefix={math.GT}", ["math/0309136"]),
        ("eprint={9901001}, eprinttype={hep-th}", ["hep-th/9901001"]),
        ("eprint={9901001}, archive={hep-th}", ["hep-th/9901001"]),
        ("eprint={hep-th/9901001}, archiveprefix={hep-th}", ["hep-th/9901001"]),
        ("eprint={2611.04242}, archiveprefix={hep-th}", ["2611.04242"]),
        ("eprint={hep-th 9901001}", ["hep-th/9901001"]),
        ("eprint={9901001}, archiveprefix={jstor}, primaryClass={hep-th}", []),
        ("eprint={9901001}", []),
        ("eprint={2613.04242}, archivePrefix={arXiv}", []),
        ("journal={arXiv preprint arXiv:9999.99999}", []),
        ("note={arXiv 2611.04242}", ["2611.04242"]),
        ("note={bioRxiv 2024.01.02.000001}", ["doi:10.1101/2024.01.02.000001"]),
        ("journal={bioRxiv}, pages={2024.01.02.000001}", ["doi:10.1101/2024.01.02.000001"]),
        ("journal={{medRxiv}}, elocation-id={2024.01.02.000001}", ["doi:10.1101/2024.01.02.000001"]),
        ("eprint={2024.01.02.000001}, eprinttype={bioRxiv}", ["doi:10.1101/2024.01.02.000001"]),
        ("eprint={aB1}, eprinttype={openreview}", ["openreview:aB1"]),
        (r"doi={10.9999/a{\char95}b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a\char95 b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a\symbol{95}b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a{\textunderscore}b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a\_b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a{\_}b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a$\_$b}", ["doi:10.9999/a_b"]),
        (r"doi={10.9999/a\#b}", ["doi:10.9999/a#b"]),
        (r"doi={10.9999/a{\#}b}", ["doi:10.9999/a#b"]),
        (r"doi={10.9999/a\%b}", ["doi:10.9999/a%b"]),
        (r"doi={10.9999/a{\&}b}", ["doi:10.9999/a&b"]),
        ("doi={10.9999 / tide.1}", ["doi:10.9999/tide.1"]),
        ("url={{https://arxiv.org/abs/2611.04242}}", ["2611.04242"]),
        ("note={{arXiv:2611.04242}}", ["2611.04242"]),
        ("eid={arXiv:2611.04242}", ["2611.04242"]),
        ("doi={doi: 10.9999/w}", ["doi:10.9999/w"]),
        ("doi={doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("doi={https://www.doi.org/10.9999/w}", ["doi:10.9999/w"]),
        (r"doi={\url{10.9999/w}}", ["doi:10.9999/w"]),
        (r"doi={\href{https://doi.org/10.9999/w}{the paper}}", ["doi:10.9999/w"]),
        ("doi={10.9999/{W}2}", ["doi:10.9999/w2"]),
        ("doi={10.9999/w, 10.9999/x}", ["doi:10.9999/w"]),
        ("doi={10.9999/w;10.9999/x}", ["doi:10.9999/w"]),
        ("doi={https://doi.org/10.9999/w,https://doi.org/10.9999/x}", ["doi:10.9999/w"]),
        ("doi={10.9999/w (in press)}", ["doi:10.9999/w"]),
        (r"doi={10.9999/(SICI)1$<$2::AID-W3$>$3.0;2\_4}", ["doi:10.9999/(sici)1<2::aid-w3>3.0;2_4"]),
        (r"doi={10.9999/(SICI)1{\textless}2{\textgreater}3}", ["doi:10.9999/(sici)1<2>3"]),
        ("doi={10.9999/1&lt;2}", ["doi:10.9999/1<2"]),
        ("doi={10.9999/\n   wrapped}", ["doi:10.9999/wrapped"]),
        (r"url={http\://dx.doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("ee={https://doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("bdsk-url-1={https://doi.org/10.9999/w}", ["doi:10.9999/w"]),
        ("url={https://arxiv.org/abs/2611.04242v1}", ["2611.04242"]),
        ("doi={10.48550/arXiv.2611.04242}", ["2611.04242"]),
        (r"doi={https://doi.org/10.1007/978-3-1\_4}", ["doi:10.1007/978-3-1_4"]),
        (r"url={\url{https://openreview.net/forum?id=aB\_1}}", ["openreview:aB_1"]),
        ("url={https://aclanthology.org/P06-1001.pdf}", ["acl:P06-1001"]),
        ("doi={10.1145/1}, eprint={2611.04242}, eprinttype={arXiv}", ["2611.04242", "doi:10.1145/1"]),
        ("eprint={2611.04242}, note={arXiv:2611.99999}", ["2611.04242"]),
        ("doi={10.1145/" + "1" * 300 + "}", []),
    ],
)
def test_identifiers_are_found_wherever_people_put_them(fields: str, identifiers: list[str]) -> None:
    assert [one.public_id for one in record_of(fields).identifiers] == identifiers


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("year = 2024, month = may", (2024, 5, 1)),
        ("year = {2024}, month = {5}", (2024, 5, 1)),
        ("year = {2024}, month = {5}, day = {3}", (2024, 5, 3)),
        ("year = {{2024}}, month = {{MAY}}, day = 3", (2024, 5, 3)),
        ("year = 2024, month = 5, day = {3--4}", (2024, 5, 1)),
        ("year = 2024, month = {July--August}", (2024, 7, 1)),
        ('year = "2024", month = "5~" # dec', (2024, 12, 5)),
        ("date = {2024-05-03}, year = 2023", (2024, 5, 3)),
        ("date = {2024-05/2024-06}", (2024, 5, 1)),
        ("year = {to appear}", None),
        ("year = 2024, month = {März}", (2024, 3, 1)),
        (r"year = 2024, month = {M{\"a}rz}", (2024, 3, 1)),
        (r"year = 2024, month = {ao\^ut}, day = 3", (2024, 8, 3)),
        ("year = 2024, month = okt", (2024, 10, 1)),
        (r"year = 2024, month = {d\'ecembre}", (2024, 12, 1)),
        ("year = {3 de mayo de 2024}", (2024, 5, 3)),
        ("year = 2024, month = {Brumaire}", (2024, 1, 1)),
        ("date = {2024}, month = {mai}", (2024, 5, 1)),
        ("date = {soon}, year = 2024, month = 5", (2024, 5, 1)),
    ],
)
def test_the_day_of_publication_is_as_exact_as_the_entry(
    fields: str, day: tuple[int, int, int] | None
) -> None:
    assert record_of(fields).published_at == (day and datetime(*day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        (
            "journal = {Tidal Letters}, volume = 12, number = 3, pages = {4--9}",
            "Tidal Letters 12(3), pages 4–9",
        ),
        ("journaltitle = {Tides \\& Waves}", "Tides & Waves"),
        ("booktitle = {Proc.\\ of {TIDE}}, pages = 7", "Proc. of TIDE, pages 7"),
        ("journal = {Tides}, volume = 12, eid = {012345}", "Tides 12, pages 012345"),
        ("journal = {Tides}, volume = 12, eid = {e12}, pages = {4}", "Tides 12, pages 4"),
        ("journal = {Tides}, articleno = {12}, numpages = {3}", "Tides, pages 12"),
        ("journal = {Tides}, eid = {arXiv:2611.04242}", "Tides"),
        ("journal = {arXiv preprint arXiv:2611.04242}, pages = {1--9}", ""),
        ("pages = {4--9}", ""),
        (r"journal = {\apj}, volume = 7", "Astrophysical Journal 7"),
        (r"journal = {{\mnras}}", "Monthly Notices of the Royal Astronomical Society"),
        (r"journal = {{\v{C}asopis}}", "Časopis"),
    ],
)
def test_where_it_was_published_is_one_line(fields: str, reference: str) -> None:
    assert record_of(fields).journal_ref == reference


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("tide", "Proceedings of TIDE"),
        ('TIDE # { 2024} # " a " # 1', "Proceedings of TIDE 2024 a 1"),
        ('"He said {"}hi{"}"', 'He said "hi"'),
        ("nowhere", "nowhere"),
        ("late", "late"),
        ("{a} # {b}", "ab"),
    ],
)
def test_macros_are_written_out(value: str, title: str) -> None:
    content = (
        f'@string{{tide = "Proceedings of " # {{TIDE}}}}\n@misc{{a, title = {value}}}\n@string(late = {{x}})'
    )
    assert [one.title for one in read(source(content))] == [title]


def test_links_that_are_no_identifiers_are_kept() -> None:
    fields = (
        r"url = {https://github.com/north/tides\_1}, howpublished = {\url{https://example.org/a%20b.PDF}}"
    )
    assert record_of(fields).links == (
        Link("code", "https://github.com/north/tides_1"),
        Link("pdf", "https://example.org/a%20b.PDF"),
    )
    assert record_of("url = {https://example.org/x}").links == (Link("page", "https://example.org/x"),)
    assert record_of("url = {javascript:alert(1)}, howpublished = {Talk}").links == ()


@pytest.mark.parametrize(
    ("written", "keywords"),
    [
        ("{a; b, c}", ("a", "b, c")),
        ("{{a; b}}", ("a", "b")),
        ("{load, {tides, waves}}", ("load", "tides, waves")),
        (r"{M{\"u}ll \& Co, caf{\'e}s}", ("Müll & Co", "cafés")),
        ("{AT&amp;T, tides}", ("AT&T", "tides")),
    ],
)
def test_keywords_are_in_unicode_before_they_are_taken_apart(written: str, keywords: tuple[str, ...]) -> None:
    assert record_of(f"keywords = {written}").keywords == keywords


def test_the_same_entry_under_another_key_is_the_same_record() -> None:
    content = "@misc{a, title={{Tide} Tables}, author={Vale, Ines}, year=2024}"
    other = "@Article(b, Year={2024}, Author={Ines Vale}, Title={Tide {T}ables})"
    [one], [two] = read(source(content)), read(source(other))
    assert one.key == two.key
    assert one.identifiers == ()
    [third] = read(source(content.replace("2024", "2023")))
    assert third.key != one.key


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("@article{x, title = {Not closed, year = 2024", "is not closed"),
        ('@article{x, title = "Not closed, year = 2024}', "is not closed"),
        ("@article{x, title {No sign} }", "it is broken after the key: there should be a comma and"),
        ('@article{x, title = "He said "hi" there"}', "it is broken after the field 'title'"),
        ("@article{x, author = {Vale, Ines}}", "the title is missing"),
        ("@article{x}", "the title is missing"),
    ],
)
def test_a_broken_entry_is_refused_with_its_line_and_the_others_stay(broken: str, reason: str) -> None:
    content = f"\n@misc{{first, title = {{One}}}}\n\n{broken}\n@misc{{last, title = {{Two}}}}\n"
    found = list(read(source(content)))
    assert [one.title for one in records(found)] == ["One", "Two"]
    [refusal] = refusals(found)
    assert refusal.place == "line 4"
    assert reason in refusal.reason


def test_what_is_broken_is_said_in_the_report_and_nowhere_else(capfd: pytest.CaptureFixture[str]) -> None:
    assert len(refusals(read(source("@misc{a, title = {Open\n")))) == 1
    assert capfd.readouterr() == ("", "")


def test_a_field_given_twice_counts_as_it_was_given_first() -> None:
    assert record_of("year = 2024, year = 2023").published_at == datetime(2024, 1, 1, tzinfo=UTC)


def test_a_key_used_twice_loses_no_paper() -> None:
    content = "@article{k, title={Ebb}}\n@article{K, title={Flood}}\n@article{k, title={Flood}, year=2024}"
    found = records(read(source(content)))
    assert [one.title for one in found] == ["Ebb", "Flood", "Flood"]
    assert len({one.key for one in found}) == 3


def test_what_has_one_title_in_two_journals_is_two_records() -> None:
    content = "\n".join(
        f"@article{{k{n}, title={{Editorial}}, year=2024, journal={{{journal}}}}}"
        for n, journal in enumerate(("Tides", "Waves", "Tides"))
    )
    first, second, third = records(read(source(content)))
    assert first.key == third.key != second.key


def test_what_is_no_entry_is_no_refusal() -> None:
    content = f"@string{{broken = \n@comment{{x}}\nvale@example.org wrote this.\n{BIBTEX}"
    found = list(read(source(content)))
    assert (len(records(found)), refusals(found)) == (2, [])
    assert remarks(found) == ["line 1: a brace or quote of it is not closed"]


def test_windows_line_ends_and_byte_order_marks_change_nothing() -> None:
    assert list(read(source("\ufeff" + BIBTEX.replace("\n", "\r\n")))) == list(read(source(BIBTEX)))


def test_a_file_that_is_not_utf_8_is_read() -> None:
    [record] = read(source("@misc{a, title = {Caf\xe9}}".encode("latin-1")))
    assert isinstance(record, Record)
    assert record.title == "Caf\xe9"


def test_a_file_without_entries_is_refused() -> None:
    with pytest.raises(FileError, match="no BibTeX entry"):
        list(read(source("@comment{nothing}\n")))


def test_of_a_damaged_file_the_entries_before_the_damage_are_kept() -> None:
    entries = "".join(f"@misc{{k{n}, title = {{Title {n * n}}}}}\n" for n in range(5_000))
    compressed = gzip.compress(entries.encode())
    found = []
    with pytest.raises(BrokenOffError, match="ends too early"):
        found.extend(read(source(compressed[: len(compressed) // 2])))
    assert len(found) > 1000
    assert refusals(found) == []


WRAPPED = [
    *(r"{%s}", r"{{%s}}", r"\emph{%s}", r"{\em %s}", r"\textbf{%s}", r"\textcolor{red}{%s}", r"{\sc {%s}}"),
    *(r"\foreignlanguage{german}{%s}", r"\enquote{%s}", r"\enquote*{%s}", r"\mbox{%s}", r"``%s''", r"(%s)"),
    *(r"\texorpdfstring{$x$}{%s}", r"{\textcolor{red}{%s}}", r"%s\footnote{no}", r"%s\thanks{no \emph{no}}"),
    *(r"\textquotedblleft %s\textquotedblright{}", r"%s\textbar{}", r"\slash %s", r"\protect\emph{%s}"),
    *(
        r"\textcolor[rgb]{1,0,0}{%s}",
        r"\raisebox{1pt}{%s}",
        r"\'{a}%s",
        r"%s{\o}",
        r"\href{https://x.org/a}{%s}",
    ),
]


@given(st.lists(st.lists(st.sampled_from(WRAPPED), max_size=3), min_size=1, max_size=3))
def test_no_word_of_a_title_is_lost_and_no_tex_is_left(wrapped: list[list[str]]) -> None:
    words = [f"Word{'abc'[number]}" for number in range(len(wrapped))]
    written = []
    for word, layers in zip(words, wrapped, strict=True):
        text = word
        for layer in layers:
            text = layer.replace("%s", text)
        written.append(text)
    [record] = read(source(f"@misc{{k, title = {{{' '.join(written)}}}}}"))
    shown = plain(record.title)
    assert all(word in shown for word in words)
    assert not set("\\{}$") & set(shown)
    assert "no" not in shown


@pytest.mark.parametrize(
    ("fields", "categories"),
    [
        ("eprint={2611.04242}, archivePrefix={arXiv}, primaryClass={cs.LG}", ("cs.LG",)),
        ("eprint={2611.04242}, eprintclass={{hep-th}}", ("hep-th",)),
        ("eprint={1}, archiveprefix={jstor}, primaryClass={Biology}", ()),
        ("year={2024}", ()),
    ],
)
def test_the_class_of_arxiv_is_a_category(fields: str, categories: tuple[str, ...]) -> None:
    assert record_of(fields).categories == categories


@pytest.mark.parametrize(
    ("author", "collaboration", "expected"),
    [
        ("Vale, Ada", "TIDE", ["Ada Vale", "TIDE Collaboration"]),
        ("Vale, Ada and others", "TIDE, WAVE", ["Ada Vale", "TIDE Collaboration", "WAVE Collaboration"]),
        ("Vale, Ada", "(for the Tide Team)", ["Ada Vale", "Tide Team"]),
        ("Vale, Ada", "{TIDE} and {\\'E}t{\\'e}", ["Ada Vale", "TIDE Collaboration", "Été Collaboration"]),
        ("{The TIDE Collaboration} and Vale, Ada", "TIDE", ["The TIDE Collaboration", "Ada Vale"]),
        ("", "on behalf of the TIDE Collaboration", ["TIDE Collaboration"]),
        ("Vale, Ada", "", ["Ada Vale"]),
    ],
)
def test_a_collaboration_in_a_field_of_its_own_is_swallowed_by_nobody(author, collaboration, expected):
    record = record_of(f"title={{Waves}}, author={{{author}}}, collaboration={{{collaboration}}}")
    assert [name.name for name in record.authors] == expected
