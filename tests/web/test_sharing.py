"""What search engines and social sites read in the head of a page."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.web.press import SUNDAY, paper, publish, without_ours

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Record, Version

pytestmark = pytest.mark.django_db
EVIL = """</script><script>alert("1")</script> & <EOS> 'x' <!-- \u2028"""
HERE = "http://testserver"


class Head(HTMLParser):
    """What the head of a page says: its properties by name, its canonical address, its linked data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.canonical: list[str] = []
        self.data: list[dict] = []
        self._in_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_data = given.get("type") == "application/ld+json"
        if tag == "meta" and "content" in given:
            self.said[given.get("property") or given.get("name")] = given["content"]
        if tag == "link" and given["rel"] == "canonical":
            self.canonical.append(given["href"])

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(json.loads(data))
            self._in_data = False


@pytest.fixture
def head(read):
    return lambda address: Head(read(address))


def test_a_paper_is_shared_with_its_title_its_abstract_and_its_day(head):
    publish(paper(7, title="On $n^2$ & more", abstract="We print what we learnt.", updated_at=SUNDAY))
    said = head("/papers/2611.00007").said
    assert said["og:type"] == "article"
    assert said["og:title"] == "On n² & more"
    assert said["og:description"] == said["description"] == "We print what we learnt."
    assert said["og:url"] == f"{HERE}/papers/2611.00007"
    assert said["og:site_name"] == "Broadsheet"
    assert said["article:published_time"] == "2026-11-18T08:00:00+00:00"
    assert said["article:modified_time"] == "2026-11-22T09:00:00+00:00"
    assert said["twitter:card"] == "summary"


def test_a_list_is_shared_with_its_title_and_without_the_name_of_the_site_twice(head):
    publish(paper(1))
    said = head("/papers/date/2026-11-20").said
    assert said["og:type"] == "website"
    assert said["og:title"] == "Papers of Friday, 20 November 2026"
    assert said["og:description"] == "The research papers of Friday, 20 November 2026, best first."


def test_each_kind_of_page_says_what_it_is(head):
    publish(paper(1))
    addresses = (
        "/",
        "/papers",
        "/papers?q=print",
        "/papers/trending",
        "/organizations",
        "/about/ranking",
        "/status",
    )
    descriptions = [head(address).said["description"] for address in addresses]
    assert len(set(descriptions)) == len(addresses)


def test_search_engines_are_told_all_that_is_known_of_a_paper(head):
    publish(
        replace(
            paper(7),
            authors=(AuthorName("Ada Lovelace"), AuthorName("Émilie du Châtelet")),
            identifiers=(Identifier("arxiv", "2611.00007"), Identifier("doi", "10.1000/7")),
            versions=(Version(1, SUNDAY), Version(2, SUNDAY)),
            keywords=("printing",),
            license="https://creativecommons.org/licenses/by/4.0/",
        )
    )
    (said,) = head("/papers/2611.00007").data
    assert (said["@context"], said["@type"]) == ("https://schema.org", "ScholarlyArticle")
    assert said["url"] == f"{HERE}/papers/2611.00007"
    assert said["headline"] == "Paper number 7"
    assert [author["name"] for author in said["author"]] == ["Ada Lovelace", "Émilie du Châtelet"]
    assert said["datePublished"] == "2026-11-18T08:00:00+00:00"
    assert said["version"] == 2
    assert {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/7"} in said["identifier"]
    assert said["sameAs"] == ["https://arxiv.org/abs/2611.00007", "https://doi.org/10.1000/7"]
    assert said["encoding"][0]["contentUrl"] == "https://arxiv.org/pdf/2611.00007"
    assert said["about"] == [{"@type": "Thing", "name": "Machine Learning"}]
    assert said["keywords"] == ["printing"]
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_what_is_not_known_of_a_paper_is_not_said(head):
    publish(Record(source="other", key="1", title="Bare", identifiers=(Identifier("doi", "10.1000/1"),)))
    page = head("/papers/doi:10.1000/1")
    assert {"abstract", "author", "datePublished", "license", "version"}.isdisjoint(page.data[0])
    assert "article:published_time" not in page.said
    # Zotero would take a description for the abstract.
    assert {"description", "og:description"}.isdisjoint(page.said)


def test_a_summary_of_ours_is_no_abstract(head):
    publish(replace(paper(1, abstract="In short."), source="demo"))
    page = head("/papers/2611.00001")
    assert page.said["description"] == page.said["og:description"] == "Summary by Broadsheet: In short."
    (said,) = page.data
    assert said["description"] == "In short."
    assert "abstract" not in said


def test_a_withdrawn_paper_is_told_so(head):
    publish(replace(paper(1), withdrawn=True))
    assert head("/papers/2611.00001").data[0]["creativeWorkStatus"] == "Withdrawn"


def test_no_text_of_a_paper_ends_its_linked_data(read, head):
    publish(paper(1, title=EVIL, abstract=EVIL, authors=(AuthorName(EVIL),), keywords=(EVIL,)))
    assert without_ours(read("/papers/2611.00001")).count("<script") == 1
    (said,) = head("/papers/2611.00001").data
    assert "</script>" in said["abstract"]


@pytest.mark.parametrize(
    ("asked", "known_as"),
    [
        ("/", "/"),
        ("/?utm_source=elsewhere", "/"),
        ("/papers/date/2026-11-20?page=1", "/papers/date/2026-11-20"),
        ("/papers/date/2026-11-20?x=1&page=02", "/papers/date/2026-11-20?page=2"),
        ("/papers/trending?page=1", "/papers/trending"),
        ("/authors/author-a-of-1?page=1", "/authors/author-a-of-1"),
        ("/papers/2611.00001?access_token=secret", "/papers/2611.00001"),
        ("/papers?explain=1", "/papers"),
        ("/papers?page=2&explain=1&sort=votes", "/papers?sort=votes&page=2"),
        ("/papers?explain=1&sort=date&q=++paper+number+", "/papers?q=paper+number&sort=date"),
        ("/papers?sort=relevance&q=paper&page=1", "/papers?q=paper"),
        (
            "/papers/2611.00001/similar?not=2611.00003&x=1&and=2611.00002",
            "/papers/2611.00001/similar?and=2611.00002&not=2611.00003",
        ),
        ("/about/ranking?x", "/about/ranking"),
    ],
)
def test_each_page_is_known_by_one_address(head, asked, known_as):
    publish(*(paper(number) for number in range(60)))
    page = head(asked)
    assert page.canonical == [HERE + known_as]
    assert page.said["og:url"] == HERE + known_as


def test_an_address_with_odd_signs_is_known_as_it_is_linked(head):
    publish(
        Record(
            source="o", key="1", title="Odd", identifiers=(Identifier("doi", "10.1000/(a)1<1::b>3;2-k?#"),)
        )
    )
    address = "/papers/doi:10.1000/(a)1%3C1::b%3E3;2-k%3F%23"
    assert head(address).canonical == [HERE + address]


def test_addresses_are_those_of_the_public_site(head, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example.org"})
    publish(paper(1))
    assert head("/papers/2611.00001").canonical == ["https://papers.example.org/papers/2611.00001"]


def test_one_host_is_never_told_the_addresses_of_another(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    publish(paper(1))
    for host in ("one.example", "two.example"):
        page = client.get("/papers/date/2026-11-20", headers={"host": host}).content.decode()
        assert Head(page).canonical == [f"http://{host}/papers/date/2026-11-20"]


def test_an_error_has_no_address_of_its_own(read):
    page = Head(read("/papers/2611.99999", status=404))
    assert not page.canonical
    assert "og:url" not in page.said
