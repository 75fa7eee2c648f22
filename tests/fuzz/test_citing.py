"""Whatever a title, an abstract or a name holds, the files that we write can be read, and say the same."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import bibtexparser
import orjson
import rispy
from hypothesis import assume, given
from hypothesis import strategies as st
from markupsafe import Markup
from tests.papers.cited import TIDE, detail, shown

from broadsheet.papers.citing import meta
from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.names import people
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import AuthorName
from broadsheet.papers.text import plain, title_key

PIECES = [
    *r"\{}$%&#_~^\"'`@,;=<>()",
    " and ",
    "\n",
    "\r\n",
    "\x00",
    "\x85",
    "\u2028",
    "🌊",
    "\\(",
    "\\)",
    "$x$",
    "TY  - ",
    "ER  - ",
]
PIECES += [
    "{B}",
    "\\{",
    "\\}",
    "\\left\\{",
    "\\begin{",
    "@misc{a,",
    "}\n\n@article{",
    "&amp;",
    "<b>",
    "中文",
    "e\u0301",
    "\ud800",
    "BERT",
    "of",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14).map("".join)
# What a catalogue can hold.
STORED = TEXTS.map(lambda text: text.replace("\0", "").encode("utf-8", "replace").decode())
PARTS = st.one_of(st.just(""), STORED)
NAMES = st.builds(AuthorName, STORED.filter(str.strip), PARTS, PARTS)
DOIS = st.text(min_size=1, max_size=12).map(
    lambda text: Identifier("doi", f"10.1000/x{''.join(text.split())}")
)


@st.composite
def papers(draw: st.DrawFn) -> PaperDetail:
    title = draw(STORED)
    assume(plain(title))
    record = replace(TIDE, title=f"T {title}", authors=tuple(draw(st.lists(NAMES, max_size=3))))
    changed = replace(
        detail(record), keywords=tuple(draw(st.lists(TEXTS, max_size=2))), journal_ref=draw(TEXTS)
    )
    identifiers = draw(st.one_of(st.just(TIDE.identifiers), DOIS.map(lambda one: (one,))))
    row = replace(changed.row, abstract=draw(TEXTS), public_id=identifiers[0].public_id)
    return replace(changed, row=row, identifiers=identifiers)


@given(papers(), papers())
def test_bibtex_can_be_read(one: PaperDetail, other: PaperDetail) -> None:
    other = replace(other, row=replace(other.row, public_id="2611.00001"))
    text = bibtex([one, other])
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    for entry, paper in zip(library.entries, (one, other), strict=True):
        assert title_key(shown(entry["title"])) == title_key(plain(paper.row.title))
    # BibTeX itself counts every brace, whatever stands before it.
    assert text.count("{") == text.count("}")
    assert all(line.startswith(("@", "  ", "}")) or not line for line in text.split("\n"))


@given(papers())
def test_ris_can_be_read_and_says_the_same(paper: PaperDetail) -> None:
    text = ris([paper])
    assert len(text.split("\r\n")) == len(text.split("\n"))
    [said] = rispy.loads(text)
    assert said["title"] == plain(paper.row.title)
    assert said.get("abstract", "") == plain(paper.row.abstract)
    assert len(said.get("authors", ())) == len(people(paper))


@given(papers())
def test_csl_json_can_be_read_and_says_the_same(paper: PaperDetail) -> None:
    [said] = orjson.loads(csl([paper]))
    assert said["title"] == plain(paper.row.title)
    assert len(said.get("author", ())) == len(people(paper))


class Attributes(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(dict(attrs))


@given(papers())
def test_what_pages_say_comes_through_html_as_it_is(paper: PaperDetail) -> None:
    title = plain(paper.row.title)
    page = "https://papers.example/papers/x"
    tags = dict(meta.tags(paper, page))
    assert tags["citation_title"] == title
    [span] = Attributes(Markup('<span title="{}">').format(meta.coins(paper.row, page))).found
    assert dict(parse_qsl(span["title"] or ""))["rft.title"] == title
    assert (span["title"] or "").isascii()
