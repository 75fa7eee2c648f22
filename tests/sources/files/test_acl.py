"""The ACL Anthology's XML: real collections, and made-up ones for what those do not have."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pytest
from tests.sources.inputs import SEEN, records, source

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Record, Version
from broadsheet.papers.text import inline, plain
from broadsheet.sources.files.acl import read
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.files.readings import BrokenOffError, FileError, Reading, Refusal

META = (
    "<booktitle>Proceedings of <fixed-case>TIDE</fixed-case></booktitle><month>June</month><year>2024</year>"
)
ISSUE = "<journal-issue>3</journal-issue>"
PAPER = "<title>Tide Tables</title>"


def volume(*papers: str, meta: str = META, attributes: str = 'id="long" ingest-date="2024-06-15"') -> str:
    return f"<volume {attributes}><meta>{meta}</meta>{''.join(papers)}</volume>"


def collection(*volumes: str, name: str = "2024.tide") -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<!-- ours -->\n<collection id='{name}'>{''.join(volumes)}</collection>"


def paper(inside: str = PAPER, number: int = 7) -> str:
    return f"<paper id='{number}'>{inside}</paper>"


def record_of(inside: str = PAPER, **of_volume: str) -> Record:
    [record] = read(source(collection(volume(paper(inside), **of_volume))))
    assert isinstance(record, Record), record
    return record


def before_break(content: str | bytes) -> tuple[list[Reading], str]:
    """What can be read, and why there is no more."""
    found: list[Reading] = []
    with pytest.raises(BrokenOffError) as broken:
        found.extend(read(source(content)))
    return found, str(broken.value)


@pytest.fixture(scope="module")
def anthology(shared: Path) -> dict[str, Record]:
    found = {}
    for path in sorted(shared.glob("data/acl/*.xml")):
        with open_source(path, now=SEEN) as opened:
            readings = list(read(opened))
        assert len(records(readings)) == len(readings) > 0, path
        found |= {one.key: one for one in records(readings)}
    return found


def test_all_papers_of_the_real_collections_are_read(anthology: dict[str, Record]) -> None:
    assert len(anthology) == 5089
    assert sum(bool(one.abstract) for one in anthology.values()) == 4345
    assert all(one.published_at and one.journal_ref for one in anthology.values())
    assert [key for key, one in anthology.items() if not one.authors and key.startswith("20")] == [
        "2000.iwpt-1.1"
    ]


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("P06-1001", "Combination of Arabic Preprocessing Schemes for Statistical Machine Translation"),
        ("J93-1003", "Accurate Methods for the Statistics of Surprise and Coincidence"),
        ("W05-1306", "Corpus Design for Biomedical Natural Language Processing"),
        ("2020.acl-main.747", "Unsupervised Cross-lingual Representation Learning at Scale"),
    ],
)
def test_real_papers_have_the_identifiers_they_are_cited_by(
    anthology: dict[str, Record], key: str, title: str
) -> None:
    assert anthology[key].title == title
    assert Identifier("acl", key) in anthology[key].identifiers


@pytest.mark.thorough
def test_real_papers_that_were_removed_or_retracted_say_so(anthology: dict[str, Record]) -> None:
    withdrawn = {key: one.notice for key, one in anthology.items() if one.withdrawn}
    assert list(withdrawn) == ["2020.amta-research.1"]
    assert withdrawn["2020.amta-research.1"].startswith("This paper has been removed by the Association")
    retracted = {key: one.notice for key, one in anthology.items() if one.retracted}
    assert len(retracted) == 6
    assert retracted["2021.acl-long.222"] == "This paper violated ACL's dual-submission policy."


def test_the_maths_of_real_titles_is_shown_as_maths(anthology: dict[str, Record]) -> None:
    refer = anthology["2020.acl-main.644"].title
    assert plain(refer).startswith("Refer360°: A Referring Expression Recognition Dataset in 360° Images")
    assert all("$" not in plain(one.title) for one in anthology.values())


def test_a_paper_becomes_a_record_with_all_it_says() -> None:
    full = """<title><fixed-case>T</fixed-case>ide Tables</title>
      <author id="ines-vale" orcid="0000-0001-2345-6789"><first>Ines</first><last>Vale</last>
        <affiliation>North Lab</affiliation><variant script="hani"><first>伊</first><last>谷</last></variant></author>
      <author><last>Plato</last></author>
      <editor><first>Eve</first><last>Ditor</last></editor>
      <pages>4-9</pages>
      <abstract>We forecast <i>load</i>.</abstract>
      <url hash="0badcafe">2024.tide-long.7</url>
      <attachment type="Software" hash="0badcafe">2024.tide-long.7.Software.zip</attachment>
      <attachment type="Dataset" hash="0badcafe">2024.tide-long.7.Dataset.zip</attachment>
      <video href="2024.tide-long.7.mp4"/><video href="2024.tide-long.7.secret.mp4" permission="false"/>
      <doi>10.18653/V1/2024.tide-long.7</doi>
      <award>Best Paper</award>
      <bibkey>vale-plato-2024-tide</bibkey>
      <revision id="1" href="2024.tide-long.7v1" hash="0badcafe"/>
      <revision id="2" href="2024.tide-long.7v2" hash="0badcafe" date="2024-07-01">Typos.</revision>"""
    revised = datetime(2024, 7, 1, tzinfo=UTC)
    assert record_of(full) == Record(
        source="acl",
        key="2024.tide-long.7",
        title="Tide Tables",
        abstract="We forecast load.",
        authors=(AuthorName("Ines Vale", "Vale", "Ines"), AuthorName("Plato", "Plato")),
        identifiers=(
            Identifier("acl", "2024.tide-long.7"),
            Identifier("doi", "10.18653/v1/2024.tide-long.7"),
        ),
        published_at=datetime(2024, 6, 1, tzinfo=UTC),
        published_precision="month",
        updated_at=revised,
        versions=(Version(1), Version(2, revised)),
        links=(
            Link("pdf", "https://aclanthology.org/2024.tide-long.7.pdf"),
            Link("code", "https://aclanthology.org/attachments/2024.tide-long.7.Software.zip"),
            Link("media", "https://aclanthology.org/2024.tide-long.7.mp4"),
        ),
        comment="Best Paper",
        journal_ref="Proceedings of TIDE, pages 4–9",
        announced_on=date(2024, 6, 15),
        observed_at=SEEN,
    )


@pytest.mark.parametrize(
    ("name", "volume_id", "number", "key"),
    [
        ("P06", "1", 1, "P06-1001"),
        ("W05", "1", 1, "W05-0101"),
        ("W05", "13", 6, "W05-1306"),
        ("C69", "2", 3, "C69-0203"),
        ("D19", "1", 12, "D19-1012"),
        ("D19", "57", 2, "D19-5702"),
        ("2022.emnlp", "main", 1, "2022.emnlp-main.1"),
    ],
)
def test_identifiers_are_those_of_the_anthology(name: str, volume_id: str, number: int, key: str) -> None:
    content = collection(volume(paper(number=number), attributes=f'id="{volume_id}"'), name=name)
    assert [one.key for one in read(source(content))] == [key]


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        (
            "A <b>bold <i>one</i></b>, <u>u</u> <sc>sc</sc> <tt>tt</tt>\n      and more",
            "A bold one, u sc tt and more",
        ),
        ("P<tex-math>^3</tex-math>Sum", "P$^3$Sum"),
        ("From $5 to <tex-math>n^2</tex-math> for $9", r"From \$5 to $n^2$ for \$9"),
        ("From $5 to $9", "From $5 to $9"),
        ("See <url>https://example.org/a_b</url>", "See https://example.org/a_b"),
        ('See <a href="https://example.org">there</a>', r"See \href{https://example.org}{there}"),
        ("Fish &amp; <tex-math/>Chips &lt;3", "Fish & Chips <3"),
    ],
)
def test_markup_in_a_title_becomes_our_own_way_to_write(inside: str, title: str) -> None:
    assert record_of(f"<title>{inside}</title>").title == title


def test_money_beside_maths_is_shown_as_money() -> None:
    title = record_of("<title>From $5 to <tex-math>n^2</tex-math> for $9</title>").title
    assert plain(title) == "From $5 to n² for $9"
    assert "<math>" in inline(title)


def test_only_marked_paragraphs_stay_apart() -> None:
    inside = f"{PAPER}<abstract>One.\n\n  Still <b>one</b>.<par/>\n  Two.</abstract>"
    assert record_of(inside).abstract == "One. Still one.\n\nTwo."


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        ("2024", "July", date(2024, 7, 1)),
        ("2024", "July-August", date(2024, 7, 1)),
        ("2024", "5-10 July", date(2024, 7, 1)),
        ("2024", "February 13-25", date(2024, 2, 1)),
        ("2024", "Sept.", date(2024, 9, 1)),
        ("2024", "11", date(2024, 11, 1)),
        ("2024", "13", date(2024, 1, 1)),
        ("2024", "Summer", date(2024, 1, 1)),
        ("2024", "", date(2024, 1, 1)),
        ("", "July", date(2024, 6, 15)),
    ],
)
def test_a_paper_is_published_on_the_first_of_its_month(year: str, month: str, day: date) -> None:
    published = record_of(meta=f"<month>{month}</month><year>{year}</year>").published_at
    assert published == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_a_month_of_its_own_counts_before_that_of_the_volume() -> None:
    assert record_of(f"{PAPER}<month>May</month>").published_at == datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ingested", "day"),
    [
        ("2024-06-15", date(2024, 6, 15)),
        ("2031-01-01", None),
        ("1900-01-01", None),
        ("2024-06-31", None),
        ("", None),
    ],
)
def test_a_paper_was_news_when_the_anthology_took_it_in_unless_that_was_long_after(
    ingested: str, day: date | None
) -> None:
    assert record_of(attributes=f'id="long" ingest-date="{ingested}"').announced_on == day


@pytest.mark.parametrize(
    ("meta", "inside", "reference"),
    [
        (META, "", "Proceedings of TIDE"),
        (
            f"{META}<journal-title>Tidal Letters</journal-title><journal-volume>12</journal-volume>{ISSUE}",
            "<pages>4–9</pages>",
            "Tidal Letters 12(3), pages 4–9",
        ),
        ("<journal-volume>12</journal-volume>", "<journal>Tides</journal><issue>4</issue>", "Tides 12(4)"),
        ("", "<pages>4</pages>", ""),
    ],
)
def test_where_a_paper_was_published_is_one_line(meta: str, inside: str, reference: str) -> None:
    assert record_of(PAPER + inside, meta=meta).journal_ref == reference


@pytest.mark.parametrize(
    ("inside", "links"),
    [
        ("<pdf hash='0badcafe'/>", [("pdf", "https://aclanthology.org/2024.tide-long.7.pdf")]),
        ("<url>https://example.org/tide.pdf</url>", [("pdf", "https://example.org/tide.pdf")]),
        ("<url>https://example.org/tide</url>", [("page", "https://example.org/tide")]),
        ("<url>javascript://x</url><video/>", []),
        ("<video href='https://example.org/talk'/>", [("media", "https://example.org/talk")]),
        (
            "<attachment type='poster'>p.pdf</attachment>",
            [("media", "https://aclanthology.org/attachments/p.pdf")],
        ),
    ],
)
def test_links_lead_to_the_anthology_or_to_where_they_say(inside: str, links: list[tuple[str, str]]) -> None:
    assert [(link.kind, link.url) for link in record_of(PAPER + inside).links] == links


def test_front_matter_and_talks_are_no_papers() -> None:
    front = "<frontmatter><url>2024.tide-long.0</url></frontmatter>"
    event = (
        "<event id='tide-2024'><meta><title>TIDE</title></meta><talk><title>Opening</title></talk></event>"
    )
    found = list(read(source(collection(volume(front, paper()), event))))
    assert [one.key for one in found] == ["2024.tide-long.7"]


def test_a_volume_without_facts_does_not_take_those_of_the_one_before() -> None:
    _, second = read(
        source(collection(volume(paper()), "<volume id='b'><paper id='1'><title>T</title></paper></volume>"))
    )
    assert (second.key, second.published_at, second.journal_ref) == ("2024.tide-b.1", None, "")


@pytest.mark.parametrize(
    ("broken", "place", "reason"),
    [
        (paper("", number=2), "volume long, paper 2", "the title is missing"),
        ("<paper><title>T</title></paper>", "volume long, paper ?", "'2024.tide-long.' is no identifier"),
        (
            "<paper id='x y'><title>T</title></paper>",
            "volume long, paper x y",
            "no identifier of the Anthology",
        ),
        (paper(PAPER + "<revision id='two'/>"), "volume long, paper 7", "'two' is no number of a revision"),
    ],
)
def test_a_paper_that_cannot_be_used_is_refused_and_the_others_stay(
    broken: str, place: str, reason: str
) -> None:
    first, refusal, last = read(source(collection(volume(paper(number=1), broken, paper(number=3)))))
    assert (first.key, last.key) == ("2024.tide-long.1", "2024.tide-long.3")
    assert isinstance(refusal, Refusal)
    assert refusal.place == place
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("<paper id='3'><title>Cut off", "Premature end"),
        ("<paper id='3'><title>T</tilte></paper></volume></collection>", "mismatch"),
        ("<paper id='3'><title>A&nbsp;B</title></paper></volume></collection>", "Entity 'nbsp' not defined"),
        ("</volume></collection> and more", "Extra content"),
    ],
)
def test_where_the_xml_breaks_the_papers_before_are_kept(rest: str, reason: str) -> None:
    content = collection(volume(paper(number=1), paper(number=2))).removesuffix("</volume></collection>")
    found, problem = before_break(content + rest)
    assert [one.key for one in found] == ["2024.tide-long.1", "2024.tide-long.2"]
    assert problem.startswith("the XML breaks in line 3")
    assert reason in problem


def test_of_a_damaged_compressed_file_the_papers_before_the_damage_are_kept() -> None:
    papers = [paper(number=number) for number in range(1, 9000)]
    compressed = gzip.compress(collection(volume(*papers)).encode())
    found, problem = before_break(compressed[: len(compressed) // 2])
    assert 1000 < len(found) < 8999
    assert "the gzip data ends too early" in problem


BOMB = "<!DOCTYPE collection [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><collection id='x'>&b;</collection>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is not XML"),
        ('{"collection": 1}', "it is not XML"),
        ("<!DOCTYPE html>\n<html><body><p>Sign in</body></html>", "it is not XML"),
        ("<html><body><p>Sign in</p></body></html>", "begins with <html>"),
        ("<html><meta charset='utf-8'/><p>Sign in", "begins with <html>"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "no collection of the ACL Anthology"),
        (BOMB, "a document type of its own"),
        ("<!DOCTYPE collection SYSTEM 'https://example.org/x.dtd'><collection id='x'/>", "document type"),
    ],
)
def test_what_is_no_collection_is_refused_as_a_whole(content: str, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        list(read(source(content)))


@pytest.mark.thorough
def test_memory_stays_flat_however_many_papers_a_file_has() -> None:
    abstract = f"<abstract>{'<i>waves</i> ' * 40}</abstract>"
    papers = volume(*(paper(PAPER + abstract, number) for number in range(1, 2500)))
    opened = source(gzip.compress(collection(*[papers] * 4).encode(), compresslevel=1))
    process, readings = psutil.Process(), read(opened)
    next(readings)
    before = process.memory_info().rss
    assert sum(1 for _ in readings) == 4 * 2499 - 1
    assert process.memory_info().rss - before < 20_000_000
