"""What files of libraries say beside their papers: tags, notes, states and dates, whatever program wrote them."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from broadsheet.papers.identifiers import Identifier
from broadsheet.sources import library_formats
from broadsheet.sources.files import html_notes
from broadsheet.sources.files.mine import Entry, SaidNote
from broadsheet.sources.files.readings import BrokenOffError, FileError, Refusal, Remark

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADDED = datetime(2026, 5, 3, 10, 11, 12, tzinfo=UTC)

RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
  <bib:Article rdf:about="http://arxiv.org/abs/2611.04242">
    <z:itemType>preprint</z:itemType>
    <bib:authors><rdf:Seq>
      <rdf:li><foaf:Person><foaf:surname>Vale</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
    </rdf:Seq></bib:authors>
    <dcterms:isReferencedBy rdf:resource="#item_7"/>
    <dc:subject>tides</dc:subject>
    <dc:subject><z:AutomaticTag><rdf:value>Computer Science</rdf:value></z:AutomaticTag></dc:subject>
    <dc:title>Tide Tables for Schedulers</dc:title>
    <dcterms:abstract>We schedule by the tide.</dcterms:abstract>
    <dc:date>2026-11-02</dc:date>
    <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/2611.04242</rdf:value></dcterms:URI></dc:identifier>
    <dcterms:dateSubmitted>2026-05-03 10:11:12</dcterms:dateSubmitted>
    <prism:number>arXiv:2611.04242</prism:number>
    <dc:description>Read_Status: In Progress</dc:description>
  </bib:Article>
  <bib:Memo rdf:about="#item_7"><rdf:value>&lt;p&gt;Read &lt;strong&gt;twice&lt;/strong&gt;.&lt;/p&gt;</rdf:value></bib:Memo>
  <rdf:Description rdf:about="urn:isbn:1">
    <z:itemType>journalArticle</z:itemType>
    <dcterms:isPartOf><bib:Journal><dc:title>Tidal Letters</dc:title><prism:volume>12</prism:volume>
      <prism:number>3</prism:number><dc:identifier>DOI 10.1000/tides.9</dc:identifier></bib:Journal></dcterms:isPartOf>
    <dc:title>Waves, Reordered</dc:title>
  </rdf:Description>
  <z:Collection rdf:about="#collection_1"><dc:title>Sea</dc:title>
    <dcterms:hasPart rdf:resource="#collection_2"/><dcterms:hasPart rdf:resource="urn:isbn:1"/></z:Collection>
  <z:Collection rdf:about="#collection_2"><dc:title>Tides</dc:title>
    <dcterms:hasPart rdf:resource="http://arxiv.org/abs/2611.04242"/></z:Collection>
  <bib:Memo rdf:about="#item_9"><rdf:value>alone</rdf:value></bib:Memo>
</rdf:RDF>
"""
CSV = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note",'
    '"Date","Date Added","Extra","Notes","Manual Tags","Automatic Tags"\n'
    '"AAAA","preprint","2026","Vale, Ada; Fisk, Bo","Tide Tables for Schedulers","","","http://arxiv.org/abs/2611.04242",'
    '"We schedule\nby the tide.","2026-11-02","2026-05-03 10:11:12","","<p>One.</p>; <p>Two; three.</p>","tides; sea, salt","Auto"\n'
    '"BBBB","attachment","","","PDF","","","","","","","","","",""\n'
)
BOOKMARKS = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE><H1>Bookmarks</H1>
<DL><p>
  <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Bookmarks bar</H3>
  <DL><p>
    <DT><H3>Sea</H3>
    <DL><p>
      <DT><H3>Tides &amp; more</H3>
      <DL><p>
        <DT><A HREF="https://arxiv.org/abs/2611.04242" ADD_DATE="1777803072" TAGS="tides,to do" TOREAD="1">[2611.04242] Tide Tables for Schedulers</A>
        <DD>Look at section 3
      </DL><p>
      <DT><A HREF="https://news.example.org/" ADD_DATE="1777803072">News</A>
    </DL><p>
    <DT><A HREF="https://doi.org/10.1000/tides.9">https://doi.org/10.1000/tides.9</A>
  </DL><p>
</DL><p>
"""
BIBTEX = r"""
@article{vale, title = {Tide Tables for Schedulers}, author = {Vale, Ada}, year = 2026, eprint = {2611.04242},
  keywords = {tides, {sea, salt}}, annotation = {First line.

  Second \& last.}, readstatus = {read}, date-added = {2026-05-03 12:11:12 +0200}}
"""
RIS = """TY  - JOUR
TI  - Waves, Reordered
AU  - Vale, Ada
DO  - 10.1000/tides.9
KW  - tides
KW  - sea, salt
N1  - <p>Read <em>twice</em>.</p>
N1  - Accession Number: 12345
Y2  - 2026/05/03/10:11:12
ER  -
"""
CSL = """[{"id": "vale", "type": "article-journal", "title": "Waves, Reordered", "DOI": "10.1000/tides.9",
  "issued": {"date-parts": [[2026]]}, "container-title": "Tidal Letters", "keyword": "tides, sea", "note": "PMID: 12345\\nRead_Status: Read",
  "annote": "Read twice."}]"""
LIKES = """[{"createdAt": "2026-05-03T10:11:12.000Z", "repo": {"name": "2611.04242", "type": "paper"}},
 {"createdAt": "2026-05-03T10:11:12.000Z", "repo": {"name": "vale/tides", "type": "model"}}]"""
COLLECTION = """{"slug": "vale/tides-1", "title": "Tides", "items": [
 {"_id": "1", "position": 0, "type": "paper", "id": "2611.04242", "title": "Tide Tables for Schedulers",
  "publishedAt": "2026-11-02T00:00:00.000Z", "note": {"html": "<p>x</p>", "text": "Read twice."}},
 {"_id": "2", "position": 1, "type": "space", "id": "vale/demo"}]}"""
LIST = """Papers for Friday
- [Tide Tables](https://arxiv.org/abs/2611.04242v2), see also 10.1000/tides.9
2611.04242; acl:2024.acl-long.1
"""


def read(text: str | bytes, format_name: str = "") -> list[Entry | Refusal | Remark]:
    content = text.encode() if isinstance(text, str) else text
    return [*library_formats.read(content, format_name=format_name, now=NOW)]


def entries(text: str) -> list[Entry]:
    return [one for one in read(text) if isinstance(one, Entry)]


def texts(entry: Entry) -> list[str]:
    return [note.text for note in entry.mine.notes]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (RDF, "zotero-rdf"),
        (CSV, "zotero-csv"),
        (BOOKMARKS, "bookmarks"),
        (BIBTEX, "bibtex"),
        (RIS, "ris"),
        (CSL, "csl"),
        (LIKES, "huggingface"),
        (COLLECTION, "huggingface"),
        (LIST, "list"),
        ('{"broadsheet_library": 1, "papers": []}', "json"),
    ],
)
def test_the_format_of_a_library_is_seen(text: str, name: str):
    assert library_formats.recognise(text.encode()) == name


def test_collections_of_zotero_are_tags_and_its_memos_notes():
    tides, waves = entries(RDF)
    assert tides.record
    assert tides.record.identifiers == (Identifier("arxiv", "2611.04242"),)
    assert tides.record.title == "Tide Tables for Schedulers"
    assert [author.name for author in tides.record.authors] == ["Ada Vale"]
    assert tides.mine.tags == ("tides", "Computer Science", "Sea/Tides")
    assert tides.mine.notes == (SaidNote("Read **twice**."),)
    assert (tides.mine.state, tides.mine.saved_at) == ("reading", ADDED)
    assert waves.record
    assert waves.record.identifiers == (Identifier("doi", "10.1000/tides.9"),)
    assert waves.record.journal_ref == "Tidal Letters 12(3)"
    assert waves.mine.tags == ("Sea",)
    assert read(RDF)[-1] == Remark("1 of its notes belong to no item and are left out")


def test_the_date_that_a_program_adds_to_rdf_comes_before_the_day_of_looking():
    said = RDF.replace("<dc:title>Tide", "<z:dateAdded>2025-01-02T03:04:05Z</z:dateAdded><dc:title>Tide")
    assert entries(said)[0].mine.saved_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_rdf_with_entities_of_its_own_is_refused():
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(FileError, match="a document type of its own"):
        read(RDF.replace("<rdf:RDF", f"{bomb}<rdf:RDF", 1).replace("We schedule", "&b;"))
    with pytest.raises(FileError, match="not whole"):
        read(RDF[:1800])


def test_a_collection_within_itself_ends():
    circle = RDF.replace('<dcterms:hasPart rdf:resource="urn:isbn:1"/>', "").replace(
        "<dc:title>Tides</dc:title>",
        '<dc:title>Tides</dc:title><dcterms:hasPart rdf:resource="#collection_1"/>',
    )
    assert entries(circle)[0].mine.tags[-1].endswith("Sea/Tides")


def test_rows_of_zotero_have_tags_notes_and_the_date():
    (tides,) = entries(CSV)
    assert tides.record
    assert tides.record.identifiers == (Identifier("arxiv", "2611.04242"),)
    assert [author.name for author in tides.record.authors] == ["Ada Vale", "Bo Fisk"]
    assert tides.mine.tags == ("tides", "sea, salt", "Auto")
    assert texts(tides) == ["One.", "Two; three."]
    assert tides.mine.saved_at == ADDED


def test_folders_of_bookmarks_are_tags_and_what_is_no_paper_is_refused():
    tides, waves = entries(BOOKMARKS)
    assert tides.record
    assert tides.record.title == "Tide Tables for Schedulers"
    assert tides.mine.tags == ("tides", "to do", "Sea/Tides & more")
    assert texts(tides) == ["Look at section 3"]
    assert (tides.mine.state, tides.mine.saved_at) == ("to_read", ADDED)
    assert (waves.record, waves.name) == (None, Identifier("doi", "10.1000/tides.9"))
    assert waves.mine.tags == ()
    (news,) = [one for one in read(BOOKMARKS) if isinstance(one, Refusal)]
    assert (news.place, news.reason) == ("line 14", "https://news.example.org/ is no address of a paper")


def test_bibliographies_keep_tags_notes_state_and_date():
    (tides,) = entries(BIBTEX)
    assert tides.mine.tags == ("tides", "sea, salt")
    assert texts(tides) == ["First line.\n\n  Second & last."]
    assert (tides.mine.state, tides.mine.saved_at) == ("read", ADDED)
    (waves,) = entries(RIS)
    assert waves.mine.tags == ("tides", "sea, salt")
    assert texts(waves) == ["Read *twice*."]
    assert waves.mine.saved_at == ADDED
    (waves,) = entries(CSL)
    assert waves.mine.tags == ("tides", "sea")
    assert texts(waves) == ["Read twice."]
    assert waves.mine.state == "read"


def test_likes_and_collections_give_their_papers_and_nothing_else():
    like, model = read(LIKES)
    assert isinstance(like, Entry)
    assert like.name == Identifier("arxiv", "2611.04242")
    assert like.mine.saved_at == ADDED
    assert model == Refusal("item 2", "vale/tides is a model, no paper")
    paper, space = read(COLLECTION)
    assert isinstance(paper, Entry)
    assert paper.record
    assert paper.record.title == "Tide Tables for Schedulers"
    assert (paper.mine.tags, texts(paper)) == (("Tides",), ["Read twice."])
    assert space == Refusal("item 2", "vale/demo is a space, no paper")


def test_a_pasted_list_names_papers_in_any_way_once():
    names = [one.name.public_id for one in entries(LIST) if one.name]
    assert names == ["2611.04242", "doi:10.1000/tides.9", "acl:2024.acl-long.1"]
    assert read(LIST)[-1] == Refusal(
        "line 1", "“Papers for Friday” names no paper by an identifier, a DOI or an address"
    )


@pytest.mark.parametrize("content", [b"", b"  \n", b"PK\x03\x04rest", b"%PDF-1.7", b"Only words.\n"])
def test_what_is_no_library_is_refused_in_words(content: bytes):
    with pytest.raises(FileError):
        read(content)


@pytest.mark.parametrize("text", [RDF, CSV, BOOKMARKS, BIBTEX, RIS, CSL, LIKES, COLLECTION, LIST])
def test_a_library_that_is_cut_anywhere_is_read_so_far_or_refused(text: str):
    for end in range(1, len(text), 17):
        with suppress(FileError, BrokenOffError):
            assert all(one is not None for one in read(text[:end]))


@pytest.mark.parametrize(
    ("note", "markdown"),
    [
        ("plain & simple", "plain & simple"),
        ("<p>One <b>two</b> <i>three</i></p><p>four<br>five</p>", "One **two** *three*\n\nfour\nfive"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n    - c"),
        ("<ol><li><p>a</p></li><li>b</li></ol>", "1. a\n2. b"),
        (
            '<p><a href="https://example.org/x?a=1&amp;b=2">here</a></p>',
            "[here](https://example.org/x?a=1&b=2)",
        ),
        ('<p><a href="javascript:alert(1)">here</a></p>', "here"),
        ("<h1>Head</h1><p>x &lt; y</p>", "# Head\n\nx < y"),
        ("<blockquote>said</blockquote>", "> said"),
    ],
)
def test_notes_of_zotero_become_markdown(note: str, markdown: str):
    assert html_notes.markdown(note) == markdown


@pytest.mark.parametrize(
    "note", ["one", "a\n\n    b <c> & d", "<pre>x</pre>", "<br/>", "\u202eturned", "  - x"]
)
def test_a_note_written_as_html_comes_back_as_it_was(note: str):
    assert html_notes.markdown(html_notes.written(note)) == note


def test_a_list_that_unpacks_to_a_flood_is_refused():
    with pytest.raises(FileError, match="more than 100,000 lines"):
        read(gzip.compress(b"2611.00001\n" * 100_001))
    with pytest.raises(FileError, match="unpacks to more than 64 MB"):
        read(gzip.compress(b"\n" * (65 << 20)))


def test_two_thousand_items_of_zotero_keep_their_collections_and_notes():
    start, end = RDF.index("  <bib:Article"), RDF.index("  <rdf:Description")
    item = RDF[start:end]
    items = "".join(
        item.replace("2611.04242", f"2611.{n:05}").replace("item_7", f"item_{n}_") for n in range(2000)
    )
    parts = "".join(
        f'<dcterms:hasPart rdf:resource="http://arxiv.org/abs/2611.{n:05}"/>' for n in range(2000)
    )
    text = (RDF[:start] + items + RDF[end:]).replace(
        '<dcterms:hasPart rdf:resource="http://arxiv.org/abs/2611.04242"/>', parts
    )
    found = entries(text)
    assert len(found) == 2001
    assert all("Sea/Tides" in one.mine.tags for one in found[:2000])
    assert all(texts(one) == ["Read **twice**."] for one in found[:2000])
