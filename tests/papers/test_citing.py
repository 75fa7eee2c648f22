"""How papers are cited: names, keys, kinds, and the three formats that say it."""

from __future__ import annotations

from dataclasses import replace

import bibtexparser
import orjson
import pytest
import rispy
from tests.papers.cited import TIDE, WHEN, detail, shown
from tests.sources.inputs import source

from broadsheet.papers.citing.bibtex import bibtex, tex, title
from broadsheet.papers.citing.citation import Citation, Venue, cite
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.names import Person, people, person, printed
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import Name
from broadsheet.papers.record import AuthorName, Link, Record
from broadsheet.papers.text import plain
from broadsheet.sources.files.bibtex import read

DOI = Identifier("doi", "10.1000/tide")
LOCAL = Identifier("local", "0123456789ab")


def cited(**changed: object) -> Citation:
    return cite(detail(replace(TIDE, **changed)))


def test_a_paper_of_arxiv_is_a_misc_with_its_eprint() -> None:
    assert bibtex([detail(TIDE)]) == (
        "@misc{delavale2026-2611.04242,\n"
        "  title = {On {TIDE}: Sharp {$L_2$} Bounds for Bayes Nets \\& Mörkø},\n"
        "  author = {de la Vale, Ines and Müller, Jr., Jörg and {DeepSeek-AI}},\n"
        "  year = {2026},\n"
        "  month = nov,\n"
        "  day = {5},\n"
        "  eprint = {2611.04242},\n"
        "  archivePrefix = {arXiv},\n"
        "  eprinttype = {arxiv},\n"
        "  primaryClass = {cs.LG},\n"
        "  doi = {10.48550/arXiv.2611.04242},\n"
        "  url = {https://arxiv.org/abs/2611.04242},\n"
        "  keywords = {tides, load forecast},\n"
        "  abstract = {We save 40\\% of $\\{x_1\\}$; see `a\\_b`.}\n"
        "}\n"
    )


def test_the_same_paper_in_ris_has_a_line_for_each_tag_and_its_line_ends() -> None:
    assert ris([detail(TIDE)]).split("\r\n") == [
        "TY  - UNPD",
        "ID  - delavale2026-2611.04242",
        "TI  - On TIDE: Sharp L₂ Bounds for Bayes Nets & Mörkø",
        "AU  - de la Vale, Ines",
        "AU  - Müller, Jörg, Jr.",
        "AU  - DeepSeek-AI",
        "PY  - 2026",
        "DA  - 2026/11/05",
        "DB  - arXiv",
        "AN  - arXiv:2611.04242",
        "DO  - 10.48550/arXiv.2611.04242",
        "UR  - https://arxiv.org/abs/2611.04242",
        "PB  - arXiv",
        "KW  - tides",
        "KW  - load, forecast",
        "AB  - We save 40% of {x₁}; see `a_b`.",
        "ER  - ",
        "",
    ]


def test_the_same_paper_in_csl_json() -> None:
    assert orjson.loads(csl([detail(TIDE)])) == [
        {
            "id": "delavale2026-2611.04242",
            "type": "article",
            "genre": "Preprint",
            "title": "On TIDE: Sharp L₂ Bounds for Bayes Nets & Mörkø",
            "author": [
                {"family": "de la Vale", "given": "Ines"},
                {"family": "Müller", "given": "Jörg", "suffix": "Jr."},
                {"literal": "DeepSeek-AI"},
            ],
            "issued": {"date-parts": [[2026, 11, 5]]},
            "number": "arXiv:2611.04242",
            "DOI": "10.48550/arXiv.2611.04242",
            "URL": "https://arxiv.org/abs/2611.04242",
            "publisher": "arXiv",
            "keyword": "tides, load; forecast",
            "abstract": "We save 40% of {x₁}; see `a_b`.",
        }
    ]


def test_a_preprint_elsewhere_says_where_in_a_field_that_misc_has() -> None:
    text = bibtex(
        [detail(replace(TIDE, source="biorxiv", identifiers=(Identifier("doi", "10.1101/2026.1"),)))]
    )
    assert "howpublished = {bioRxiv}" in text
    assert "publisher =" not in text.replace("howpublished", "")


def test_what_appeared_in_a_journal_is_an_article_and_keeps_its_eprint() -> None:
    published = detail(
        replace(TIDE, identifiers=(*TIDE.identifiers, DOI), journal_ref="Tidal Letters 12(3), pages 4–9")
    )
    [entry] = bibtexparser.parse_string(bibtex([published])).entries
    said = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "article"
    assert [said[name] for name in ("journal", "volume", "number", "pages")] == [
        "Tidal Letters",
        "12",
        "3",
        "4--9",
    ]
    assert (said["doi"], said["eprint"]) == ("10.1000/tide", "2611.04242")
    [reference] = rispy.loads(ris([published]))
    assert reference["type_of_reference"] == "JOUR"
    assert (reference["start_page"], reference["end_page"], reference["doi"]) == ("4", "9", "10.1000/tide")
    [item] = orjson.loads(csl([published]))
    assert (item["type"], item["container-title"], item["page"]) == (
        "article-journal",
        "Tidal Letters",
        "4–9",
    )


@pytest.mark.parametrize("more", ["", "volume={12}", "volume={12}, number={3}", "pages={4--9}"])
def test_an_article_of_a_bibliography_is_an_article_in_our_own(more: str) -> None:
    brought = (
        f"@article{{k, title={{Tide}}, author={{Vale, Ada}}, journal={{Tidal Letters}}, year=2024, {more}}}"
    )
    [record] = read(source(brought))
    text = bibtex([detail(replace(record, identifiers=(LOCAL,)))])
    assert text.startswith("@article{")
    assert "journal = {Tidal Letters" in text
    [again] = read(source(text))
    assert (again.journal_ref, again.key) == (record.journal_ref, record.key)


@pytest.mark.parametrize(
    ("changed", "kind", "venue"),
    [
        ({"journal_ref": "Annals 3 (2026)"}, "preprint", Venue()),
        ({"identifiers": (DOI,)}, "preprint", Venue()),
        ({"identifiers": (LOCAL,), "journal_ref": "Tidal Letters"}, "article", Venue("Tidal Letters")),
        ({"identifiers": (DOI,), "journal_ref": "Tidal Letters"}, "article", Venue("Tidal Letters")),
        (
            {"identifiers": (LOCAL,), "journal_ref": "Tidal Letters, pages 4–9"},
            "article",
            Venue("Tidal Letters", pages="4–9"),
        ),
        ({"identifiers": (LOCAL,), "journal_ref": "Tidal Letters 12"}, "article", Venue("Tidal Letters 12")),
        (
            {"identifiers": (Identifier("openreview", "aB1"),), "journal_ref": "Workshop on Tides"},
            "inproceedings",
            Venue("Workshop on Tides"),
        ),
        (
            {"identifiers": (DOI,), "journal_ref": "Proceedings of TIDE 2024, pages 4–9"},
            "inproceedings",
            Venue("Proceedings of TIDE 2024", pages="4–9"),
        ),
        (
            {"identifiers": (DOI,), "journal_ref": "Proceedings of the Tidal Society 12, pages 4–9"},
            "article",
            Venue("Proceedings of the Tidal Society", "12", "", "4–9"),
        ),
        ({"identifiers": (DOI,), "journal_ref": "Annals 3 (2026)"}, "article", Venue("Annals 3 (2026)")),
        (
            {
                "identifiers": (Identifier("acl", "2024.acl-long.1"),),
                "journal_ref": "Proceedings of ACL 2024, pages 1–9",
            },
            "inproceedings",
            Venue("Proceedings of ACL 2024", pages="1–9"),
        ),
        (
            {
                "identifiers": (Identifier("acl", "2024.tacl-1.3"),),
                "journal_ref": "Transactions 12, pages 1–9",
            },
            "article",
            Venue("Transactions", "12", "", "1–9"),
        ),
        (
            {"identifiers": (Identifier("acl", "J93-1001"),), "journal_ref": "Linguistics 19(1)"},
            "article",
            Venue("Linguistics 19(1)"),
        ),
    ],
)
def test_where_a_paper_appeared_says_what_it_is(changed, kind, venue) -> None:
    paper = cited(**changed)
    assert (paper.kind, paper.venue) == (kind, venue)


def test_a_paper_in_proceedings_names_them_where_each_program_looks() -> None:
    paper = replace(
        TIDE,
        identifiers=(Identifier("acl", "2024.acl-long.1"),),
        journal_ref="Proceedings of ACL 2024, pages 1–9",
    )
    said = ris([detail(paper)])
    assert said.startswith("TY  - CPAPER\r\n")
    assert (
        "\r\nT2  - Proceedings of ACL 2024\r\nC3  - Proceedings of ACL 2024\r\nSP  - 1\r\nEP  - 9\r\n" in said
    )


def test_a_withdrawn_paper_says_so() -> None:
    [item] = orjson.loads(csl([detail(replace(TIDE, withdrawn=True, journal_ref="Annals 3"))]))
    assert item["note"] == "Withdrawn. Annals 3"


def test_a_summary_of_ours_is_no_abstract_of_theirs() -> None:
    assert cited(source="demo").abstract == ""


def test_a_paper_with_a_title_alone_can_be_cited() -> None:
    bare = detail(
        Record(source="saved_page", key="a", title="Tide", identifiers=(Identifier("local", "0123456789ab"),))
    )
    assert bibtex([bare]) == "@misc{anon-0123456789ab,\n  title = {Tide}\n}\n"
    assert orjson.loads(csl([bare]))[0]["id"] == "anon-0123456789ab"
    assert ris([bare]).startswith("TY  - UNPD\r\nID  - anon-0123456789ab\r\nTI  - Tide\r\n")


def test_a_paper_that_is_only_somewhere_has_that_address() -> None:
    local = (Identifier("local", "0123456789ab"),)
    links = (Link("code", "https://code.example/a"), Link("page", "https://papers.example/{a}b"))
    paper = cited(identifiers=local, links=links)
    assert paper.url == "https://papers.example/{a}b"
    assert "url = {https://papers.example/%7Ba%7Db}" in bibtex(
        [detail(replace(TIDE, identifiers=local, links=links))]
    )


@pytest.mark.parametrize(
    ("printed_name", "parts"),
    [
        ("Ines Vale", Person("Vale", "Ines")),
        ("Ludwig van Beethoven", Person("van Beethoven", "Ludwig")),
        ("Juan Carlos de la Cruz", Person("de la Cruz", "Juan Carlos")),
        ("Martin Luther King, Jr.", Person("King", "Martin Luther", "Jr.")),
        ("DeepSeek-AI", Person("DeepSeek-AI")),
        ("The ATLAS Collaboration", Person("The ATLAS Collaboration")),
        ("Gemini Robotics Team", Person("Gemini Robotics Team")),
        (r"Pal Erd\H{o}s", Person("Erdős", "Pal")),
        ("王小明", Person("王小明")),
        ("王 小明", Person("王", "小明")),
        ("Tidal DeepLab", Person("Tidal DeepLab")),
        ("Tide AI", Person("Tide AI")),
        ("Salt Works Inc.", Person("Salt Works Inc.")),
        ("University of the Sea", Person("University of the Sea")),
        ("Baole Ai", Person("Ai", "Baole")),
        ("Research Pratim Vale", Person("Vale", "Research Pratim")),
    ],
)
def test_a_printed_name_is_taken_apart(printed_name, parts) -> None:
    assert printed(printed_name) == parts


def test_a_comma_in_the_name_of_a_group_does_not_end_it() -> None:
    assert "AU  - Salt and Sons Inc.\r\n" in ris(
        [detail(replace(TIDE, authors=(AuthorName("Salt and Sons, Inc.", "Salt and Sons, Inc."),)))]
    )


def test_the_colon_between_a_group_and_its_members_is_no_author() -> None:
    names = (AuthorName("NVIDIA"), AuthorName(":"), AuthorName("Ada Vale"), AuthorName("\u200b"))
    assert cited(authors=names).authors == (Person("NVIDIA"), Person("Vale", "Ada"))


def test_a_group_is_whole_where_its_source_takes_it_apart() -> None:
    assert person(AuthorName("Tide Collaboration", "Collaboration", "Tide")) == Person("Tide Collaboration")


def test_an_author_who_is_an_organization_of_the_paper_is_whole_in_every_citation() -> None:
    one = detail(replace(TIDE, authors=(AuthorName("Wave Face"), AuthorName("Ada Vale"))))
    known = replace(one, row=replace(one.row, organizations=(Name("waveface", "Wave Face"),)))
    assert people(known) == (Person("Wave Face"), Person("Vale", "Ada"))
    assert "author = {{Wave Face} and Vale, Ada}" in bibtex([known])
    assert b'{"literal":"Wave Face"}' in csl([known])
    assert "AU  - Wave Face\r\n" in ris([known])


def test_a_name_of_chinese_characters_has_the_family_first_and_is_cited_in_parts() -> None:
    names = (AuthorName("海 林", "林", "海"),)
    assert replace(TIDE, authors=names).authors == (AuthorName("林海", "林", "海"),)
    assert cited(authors=names).authors == (Person("林", "海"),)


def test_parts_that_the_source_tells_apart_are_kept() -> None:
    assert person(AuthorName("Ana Garcia Marquez", "Garcia Marquez", "Ana")) == Person(
        "Garcia Marquez", "Ana"
    )
    assert person(AuthorName("Ana Li III", "Li", "Ana")) == Person("Li", "Ana", "III")


@pytest.mark.parametrize(
    ("identifier", "ending"),
    [
        (Identifier("arxiv", "hep-th/9901001"), "hep-th/9901001"),
        (Identifier("acl", "2024.acl-long.1"), "2024.acl-long.1"),
        (DOI, "10.1000/tide"),
        (Identifier("doi", "10.1000/a(b)"), "abdb35db9d"),
    ],
)
def test_a_key_ends_with_the_identifier_or_stands_for_it(identifier, ending) -> None:
    assert cited(identifiers=(identifier,)).key == f"delavale2026-{ending}"


def test_a_paper_that_gets_another_title_keeps_its_key() -> None:
    assert cited(title="Ebb").key == cited().key


def test_papers_of_one_author_and_title_have_keys_of_their_own() -> None:
    papers = [
        detail(replace(TIDE, identifiers=(Identifier("arxiv", f"2611.{number:05}"),))) for number in range(99)
    ]
    entries = bibtexparser.parse_string(bibtex(papers))
    assert len({entry.key for entry in entries.entries}) == 99
    assert not entries.failed_blocks


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (
            "BERT: Pre-training of Deep Bidirectional Transformers",
            "{BERT}: Pre-training of Deep Bidirectional Transformers",
        ),
        ("On the Riemann hypothesis for small fields", "On the {Riemann} hypothesis for small fields"),
        ("Learning Maps in R and 3D", "Learning Maps in {R} and {3D}"),
        ("A Study of a_BERT", r"A Study of {a\_BERT}"),
        (r"Nets in ${\mathcal{O}}(n)$ Time", r"Nets in {${\mathcal{O}}(n)$} Time"),
        ('Schr\\"odinger Was {H}ere', "Schrödinger Was Here"),
        ("Why 100% & #1 ~ x^2", r"Why 100\% \& \#1 \textasciitilde{} {x²}"),
    ],
)
def test_a_title_keeps_its_capitals_and_its_maths(source, written) -> None:
    assert title(source) == written
    assert shown(title(source)) == shown(tex(source))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("50% of A&B cost $5 and $6 #1", r"50\% of A\&B cost \$5 and \$6 \#1"),
        (r"C:\new ~ x ^ y", r"C:\textbackslash{}new \textasciitilde{} x \textasciicircum{} y"),
        ("{a, b}", r"\{a, b\}"),
        ("only { opens", r"only \lbrace{} opens"),
        (r"$\left\{ x \right.$ and $a\%b$", r"$\left\lbrace{} x \right.$ and $a\%b$"),
        ("$a % b$", r"$a \% b$"),
        ("one\n\n  two\ttabs\x00\x07", "one two tabs"),
        ("naïve 图 🌊", "naïve 图 🌊"),
    ],
)
def test_what_tex_would_misread_is_escaped_outside_of_maths(source, written) -> None:
    assert tex(source) == written


def test_names_that_would_be_taken_apart_stay_whole() -> None:
    names = (AuthorName("Salt and Sons", "Salt and Sons"), AuthorName("Al And Bo Li", "Li", "Al And Bo"))
    text = bibtex([detail(replace(TIDE, authors=names))])
    assert "author = {{Salt and Sons} and Li, {Al And Bo}}" in text


def test_no_papers_make_an_empty_file() -> None:
    assert (bibtex([]), ris([]), csl([])) == ("", "", b"[]\n")


def test_days_long_ago_have_four_digits() -> None:
    old = detail(replace(TIDE, published_at=WHEN.replace(year=991)))
    assert "PY  - 0991\r\nDA  - 0991/11/05" in ris([old])


@pytest.mark.parametrize(
    "name",
    [
        "Ada Vale",
        "A. B. Vale",
        "Jean-Luc Vale",
        "Ines van der Vale",
        "Ada M. Vale Jr.",
        "O Vale",
        "tau",
        "beta-alpha Vale",
    ],
)
def test_a_plain_name_is_read_as_any_text_is(name):
    parts = printed(name)
    assert " ".join(filter(None, (parts.given, parts.family, parts.suffix))) == plain(name)


@pytest.mark.parametrize("value", ["10.1000/tide\\\\", "10.1000/{tide", "10.1000/tide}"])
def test_a_doi_that_would_leave_a_field_of_bibtex_open_is_in_the_address_alone(value: str) -> None:
    written = bibtex([detail(replace(TIDE, source="biorxiv", identifiers=(Identifier("doi", value),)))])
    entry = bibtexparser.parse_string(written).entries[0]
    assert "doi" not in entry
    assert entry["url"].startswith("https://doi.org/10.1000/")
