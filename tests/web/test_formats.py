"""Papers and lists as files for reference managers, and what pages tell them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import bibtexparser
import orjson
import pytest
import rispy
from tests.sources.inputs import source
from tests.web.press import FRIDAY, SUNDAY, Links, paper, publish

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, SourceRecord
from broadsheet.papers.record import AuthorName, Record, Version
from broadsheet.search import indexing
from broadsheet.sources.files import bibtex, csl, ris

pytestmark = pytest.mark.django_db
TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "json": "application/vnd.citationstyles.csl+json",
}


class Page(HTMLParser):
    """The `meta` tags of a page in their order, and the titles of its COinS spans."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: list[tuple[str, str]] = []
        self.coins: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and "name" in given:
            self.meta.append((given["name"], given["content"]))
        if given.get("class") == "Z3988":
            self.coins.append(given["title"])

    def said(self, name: str) -> list[str]:
        return [content for tag, content in self.meta if tag == name]


def indexed(*records: Record) -> None:
    """Publish papers and index their words."""
    publish(*records)
    while indexing.catch_up():
        pass


def count(content: bytes, form: str) -> int:
    """How many papers a file has, as the libraries that read it say."""
    text = content.decode()
    if form == "bib":
        return len(bibtexparser.parse_string(text).entries)
    return len(rispy.loads(text) if form == "ris" else orjson.loads(text))


@pytest.mark.parametrize("form", TYPES)
def test_a_paper_can_be_taken_as_a_file(client, form):
    publish(paper(7))
    response = client.get(f"/papers/2611.00007.{form}")
    assert response.headers["Content-Type"] == TYPES[form]
    assert response.headers["Content-Disposition"] == f'attachment; filename="2611.00007.{form}"'
    assert count(response.content, form) == 1
    assert client.head(f"/papers/2611.00007.{form}").status_code == 200


def test_the_page_of_a_paper_leads_to_its_files(read):
    publish(paper(7))
    targets = Links(read("/papers/2611.00007")).targets
    for form in ("bib", "ris", "csl.json"):
        assert f"/papers/2611.00007.{form}" in targets
        read(f"/papers/2611.00007.{form}")


def test_another_name_of_the_paper_leads_to_the_file_under_its_own(client):
    publish(paper(7))
    response = client.get("/papers/arXiv:2611.00007v2.bib")
    assert (response.status_code, response.headers["Location"]) == (301, "/papers/2611.00007.bib")
    assert client.get("/papers/2611.99999.bib").status_code == 404


def test_an_identifier_with_a_slash_has_files(client):
    old = Identifier("arxiv", "hep-th/9901001")
    publish(Record(source="arxiv", key="1", title="Strings", identifiers=(old,), published_at=SUNDAY))
    response = client.get("/papers/hep-th/9901001.ris")
    assert response.headers["Content-Disposition"].endswith('filename="hep-th-9901001.ris"')
    assert count(response.content, "ris") == 1


def test_an_identifier_that_ends_like_a_file_is_the_name_of_a_paper_first(client, read):
    for number, value in enumerate(("10.1000/x", "10.1000/x.ris"), start=1):
        odd = (Identifier("doi", value),)
        publish(Record(source="other", key=value, title=f"Paper {number}", identifiers=odd))
    assert ">Paper 2</h1>" in read("/papers/doi:10.1000/x.ris")
    assert b"TI  - Paper 2\r\n" in client.get("/papers/doi:10.1000/x.ris.ris").content
    assert b"{Paper 1}" in client.get("/papers/doi:10.1000/x.bib").content


def test_the_page_of_a_list_leads_to_its_files(read):
    publish(paper(7))
    for page, place in (("/", "/feed"), ("/papers/date/2026-11-20", "/papers/date/2026-11-20")):
        targets = Links(read(page)).targets
        assert {f"{place}.bib", f"{place}.ris", f"{place}.csl.json"} <= set(targets)


@pytest.mark.parametrize("form", ["bib", "ris", "csl.json"])
@pytest.mark.parametrize(
    "place",
    [
        "/feed",
        "/papers",
        "/papers/date/2026-11-20",
        "/papers/week/2026-W47",
        "/papers/month/2026-11",
        "/papers/trending",
        "/authors/author-a-of-1",
        "/organizations/mira",
        "/categories/cs.LG",
    ],
)
def test_every_list_can_be_taken_as_a_file(client, place, form):
    publish(paper(1), paper(8, organizations=paper(1).organizations))
    response = client.get(f"{place}.{form}")
    assert response.headers["Content-Type"] == TYPES[form]
    assert response.headers["Content-Disposition"].endswith(f'.{form}"')
    assert response.headers["X-Total-Count"] == "2"
    assert count(response.content, form) == 2


def test_the_similar_papers_of_a_paper_are_a_list_too(client):
    publish(paper(1))
    assert count(client.get("/papers/2611.00001/similar.bib").content, "bib") == 0
    assert client.get("/papers/2611.00009/similar.bib").status_code == 404


def test_a_file_of_a_search_has_what_the_search_finds(client):
    indexed(paper(1), paper(2, categories=("math.AG",)))
    found = client.get("/papers.csl.json", {"q": "cat:math.AG"})
    assert [item["number"] for item in orjson.loads(found.content)] == ["arXiv:2611.00002"]


def test_a_long_list_says_where_the_rest_is(client):
    publish(*(paper(number) for number in range(1, 6)))
    address, keys = "/papers/date/2026-11-20.csl.json?limit=2", []
    while address:
        response = client.get(address)
        keys += [item["id"] for item in orjson.loads(response.content)]
        assert response.headers["X-Total-Count"] == "5"
        address = response.headers.get("Link", "").partition(">")[0].removeprefix("<http://testserver")
    assert len(keys) == len(set(keys)) == 5


@pytest.mark.parametrize(("form", "reader"), [("bib", bibtex), ("ris", ris), ("csl.json", csl)])
def test_a_file_of_ours_adds_no_paper_when_it_is_imported_here(client, form, reader):
    doi = Identifier("doi", "10.1000/tide")
    published = Record(
        source="openalex", key="1", title="Tide_s & {Ebb}", identifiers=(doi,), published_at=SUNDAY
    )
    publish(paper(1, title=r"$L_2$ & \"Uber"), paper(2), replace(published, journal_ref="Annals 3"))
    before = set(Paper.objects.values_list("public_id", "title"))
    content = client.get(f"/papers/month/2026-11.{form}").content
    publish(*(one for one in reader.read(source(content)) if isinstance(one, Record)))
    assert SourceRecord.objects.count() == 6
    assert set(Paper.objects.values_list("public_id", "title")) == before


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=-1", "limit=ten", "limit=", "limit=٣", "offset=-1", "offset=99999999"],
)
def test_a_number_that_makes_no_sense_is_refused_in_a_sentence(client, query):
    response = client.get(f"/papers/date/2026-11-20.bib?{query}")
    assert response.status_code == 400
    assert "1 to 1,000 papers" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/papers/date/2026-13-40.bib", "/authors/nobody.ris", "/categories/no.such.bib"]
)
def test_a_list_that_is_none_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_list_of_any_length_can_be_taken_in_parts(client):
    publish(paper(1))
    response = client.get("/papers.bib?offset=1000000")
    assert (response.status_code, response.headers["X-Total-Count"], response.content) == (200, "1", b"")


def test_no_header_of_a_file_can_be_forged(client):
    indexed(*(paper(number) for number in range(1, 4)))
    response = client.get("/papers.ris?limit=1&x=%0d%0aSet-Cookie:a&q=cat:cs.LG%20OR%20%C3%A9")
    assert response.headers["Link"].isascii()
    assert "Set-Cookie" not in response.headers
    assert count(client.get(response.headers["Link"].partition(">")[0].strip("<")).content, "ris") == 1


def test_a_file_takes_as_many_queries_for_many_papers_as_for_one(client, count_queries):
    publish(*(paper(number) for number in range(1, 31)))
    # How many papers there are is counted once.
    client.get("/papers/date/2026-11-20.bib?limit=2")
    one = count_queries(client.get, "/papers/date/2026-11-20.bib?limit=1")
    assert count_queries(client.get, "/papers/date/2026-11-20.bib?limit=30") == one < 25


def test_the_page_of_a_paper_says_what_reference_managers_read(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    publish(
        paper(
            7,
            title=r"Sharp $\ell_1$ Bounds & \"Uber Networks",
            abstract="A <b>bound</b> of $O(n^2)$.",
            authors=(
                AuthorName("Ada van der Berg", "van der Berg", "Ada"),
                AuthorName("Ana Maria de la Cruz Jr.", "de la Cruz", "Ana Maria"),
                AuthorName("DeepSeek-AI", "DeepSeek-AI"),
            ),
            keywords=("bounds; sharp", "width"),
            versions=(Version(1, SUNDAY), Version(2, datetime(2026, 11, 23, tzinfo=UTC))),
        )
    )
    page = Page(client.get("/papers/2611.00007").content.decode())
    address = "https://papers.example/papers/2611.00007"
    expected = {
        "citation_title": ["Sharp ℓ₁ Bounds & Über Networks"],
        # What follows a second comma Zotero would leave out.
        "citation_author": ["van der Berg, Ada", "de la Cruz, Ana Maria Jr.", "DeepSeek-AI"],
        "citation_publication_date": ["2026/11/18"],
        "citation_online_date": ["2026/11/23"],
        "citation_doi": ["10.48550/arXiv.2611.00007"],
        "citation_arxiv_id": ["2611.00007"],
        "citation_abstract": ["A <b>bound</b> of O(n²)."],
        "citation_keywords": ["bounds, sharp; width"],
        "citation_language": ["en"],
        "citation_public_url": [address],
        "citation_abstract_html_url": [address],
        "citation_pdf_url": ["https://arxiv.org/pdf/2611.00007"],
        "citation_journal_title": [],
        "DC.type": ["preprint"],
        "DC.title": ["Sharp ℓ₁ Bounds & Über Networks"],
        "DC.creator": ["van der Berg, Ada", "de la Cruz, Ana Maria Jr.", "DeepSeek-AI"],
    }
    assert {name: page.said(name) for name in expected} == expected
    # Zotero would prefer them to what the head says, and offer the similar papers instead of this one.
    assert page.coins == []


def test_the_page_of_a_paper_by_one_author_says_a_name_that_zotero_takes_for_one(read):
    """It would make two of a single one with two words before and after its comma."""
    publish(paper(1, authors=(AuthorName("Ana Maria de la Cruz", "de la Cruz", "Ana Maria"),)))
    page = Page(read("/papers/2611.00001"))
    assert page.said("citation_author") == ["Ana Maria de la Cruz"]
    assert page.said("DC.creator") == ["de la Cruz, Ana Maria"]


@pytest.mark.parametrize(
    ("identifiers", "journal_ref", "expected"),
    [
        (
            (Identifier("acl", "2024.acl-long.1"),),
            "Proceedings of the 62nd Annual Meeting, pages 1–9",
            {
                "DC.type": ["conferencePaper"],
                "citation_inbook_title": ["Proceedings of the 62nd Annual Meeting"],
                "citation_conference_title": ["Proceedings of the 62nd Annual Meeting"],
                "citation_firstpage": ["1"],
                "citation_lastpage": ["9"],
                "citation_pdf_url": ["https://aclanthology.org/2024.acl-long.1.pdf"],
            },
        ),
        (
            (Identifier("doi", "10.1000/tide"),),
            "Tidal Letters 12(3), pages 4–9",
            {
                "DC.type": ["journalArticle"],
                "citation_journal_title": ["Tidal Letters"],
                "citation_volume": ["12"],
                "citation_issue": ["3"],
                "citation_firstpage": ["4"],
                "citation_lastpage": ["9"],
                "citation_doi": ["10.1000/tide"],
            },
        ),
        (
            (Identifier("arxiv", "2611.00001"), Identifier("doi", "10.1000/tide")),
            "Tidal Letters 12(3), pages 4–9",
            {
                "DC.type": ["preprint"],
                "DC.publisher": ["arXiv"],
                "citation_doi": ["10.48550/arXiv.2611.00001"],
                "citation_journal_title": [],
                "citation_volume": [],
            },
        ),
    ],
)
def test_the_page_of_a_paper_says_where_it_appeared(read, identifiers, journal_ref, expected):
    publish(Record(source="other", key="1", title="A", identifiers=identifiers, journal_ref=journal_ref))
    page = Page(read(f"/papers/{identifiers[0].public_id}"))
    assert {name: page.said(name) for name in expected} == expected


@pytest.mark.parametrize(
    "address", ["/", "/papers/date/2026-11-20", "/papers/trending", "/papers?q=cat:cs.LG"]
)
def test_a_list_says_of_each_paper_what_zotero_needs(read, address):
    names = tuple(AuthorName(f"Ada B. {letter}ale") for letter in "STUVWXYZ")
    indexed(paper(1, title="Tide & <Time>", authors=names), paper(2))
    page = Page(read(address))
    assert len(page.coins) == 2
    said = next(pairs for pairs in map(parse_qsl, page.coins) if ("rft.title", "Tide & <Time>") in pairs)
    assert said[0] == ("ctx_ver", "Z39.88-2004")
    assert [value for name, value in said if name == "rft.au"] == [
        f"{letter}ale, Ada B." for letter in "STUVWXYZ"
    ]
    assert dict(said) | {"rft.au": ""} == {
        "ctx_ver": "Z39.88-2004",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
        "rft.type": "preprint",
        "rft.title": "Tide & <Time>",
        "rft.au": "",
        "rft.date": "2026-11-18",
        "rft.publisher": "arXiv",
        "rft.identifier": "http://testserver/papers/2611.00001",
        "rft_id": "info:doi/10.48550/arXiv.2611.00001",
    }


def test_a_day_of_fifty_papers_stays_small(client):
    publish(
        *(replace(paper(number), listings=paper(number, listed=FRIDAY).listings) for number in range(1, 51))
    )
    content = client.get("/papers/date/2026-11-20").content
    assert len(Page(content.decode()).coins) == 50
    assert len(gzip.compress(content)) < 60_000
