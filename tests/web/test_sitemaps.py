"""What search engines are told of: every page and every paper, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import etree
from tests.web.press import SUNDAY, paper, publish

from broadsheet.http.shelf import shelf
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record
from broadsheet.web import categories, sitemaps

pytestmark = pytest.mark.django_db
HERE = "http://testserver"
NAMES = {"s": sitemaps.SCHEMA}
OCTOBER = date(2026, 10, 3)


@pytest.fixture
def places(client):
    """The addresses in a sitemap, without the host, and when each was changed."""

    def read(address: str) -> dict[str, str | None]:
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/xml"
        found = etree.fromstring(response.content).findall("*", NAMES)
        places = [
            (one.findtext("s:loc", namespaces=NAMES), one.findtext("s:lastmod", namespaces=NAMES))
            for one in found
        ]
        assert len(dict(places)) == len(places)
        assert all(place.startswith(f"{HERE}/") for place, _ in places)
        return {place.removeprefix(HERE): changed for place, changed in places}

    return read


def october(number: int) -> Record:
    return paper(number, listed=None, published=OCTOBER)


def test_papers_are_found_by_month_with_their_last_change(places):
    publish(paper(1), paper(2), october(3))
    assert list(places("/sitemap.xml")) == [
        "/sitemaps/pages.xml",
        "/sitemaps/2026-10.xml",
        "/sitemaps/2026-11.xml",
    ]
    assert places("/sitemaps/2026-10.xml") == {"/papers/2611.00003": "2026-11-22T09:00:00+00:00"}
    assert set(places("/sitemaps/2026-11.xml")) == {"/papers/2611.00001", "/papers/2611.00002"}


def test_a_changed_paper_changes_its_month_alone(places, client):
    publish(paper(1), october(3))
    before = places("/sitemap.xml")
    etag = client.get("/sitemaps/2026-10.xml").headers["ETag"]
    later = SUNDAY + timedelta(hours=1)
    store([replace(paper(1, title="Corrected"), observed_at=later)], now=later)
    shelf.clear()
    after = places("/sitemap.xml")
    assert after["/sitemaps/2026-11.xml"] == "2026-11-22T10:00:00+00:00"
    assert after["/sitemaps/2026-10.xml"] == before["/sitemaps/2026-10.xml"]
    again = client.get("/sitemaps/2026-10.xml", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_month_with_more_papers_than_a_file_may_hold_is_cut(places, client, monkeypatch):
    monkeypatch.setattr(sitemaps, "IN_A_FILE", 4)
    publish(*(october(number) for number in range(10)))
    files = [one for one in places("/sitemap.xml") if "2026-10" in one]
    assert files == ["/sitemaps/2026-10.xml", "/sitemaps/2026-10-2.xml", "/sitemaps/2026-10-3.xml"]
    cut = [places(file) for file in files]
    assert [len(part) for part in cut] == [4, 4, 2]
    assert len(set().union(*cut)) == 10
    assert client.get("/sitemaps/2026-10-4.xml").status_code == 404


def test_papers_without_a_date_and_with_odd_names_are_found_too(places, client):
    publish(
        Record(source="other", key="1", title="Odd", identifiers=(Identifier("doi", "10.1000/a'(b)<c>&d"),)),
    )
    (address,) = places("/sitemaps/undated.xml")
    assert "/sitemaps/undated.xml" in places("/sitemap.xml")
    assert client.get(address).status_code == 200


def test_every_page_that_is_no_papers_is_found_and_is_there(places, client):
    publish(paper(1), october(3))
    found = places("/sitemaps/pages.xml")
    for address in (
        "/",
        "/categories/cs.LG",
        "/papers/date/2026-11-20",
        "/papers/week/2026-W47",
        "/papers/month/2026-10",
    ):
        assert address in found
    for address in found:
        assert client.get(address).status_code == 200, address


def test_of_odd_categories_those_are_found_that_are_shown(places, monkeypatch):
    monkeypatch.setattr(categories, "OTHERS_LISTED", 1)
    publish(paper(1, categories=("cs.LG", "03B05", "68T01")), paper(2, categories=("68T01",)))
    found = places("/sitemaps/pages.xml")
    assert {"/categories/cs.LG", "/categories/68T01"} <= found.keys()
    assert "/categories/03B05" not in found


def test_an_empty_catalogue_has_pages(places):
    assert list(places("/sitemap.xml")) == ["/sitemaps/pages.xml"]
    assert "/" in places("/sitemaps/pages.xml")


@pytest.mark.parametrize(
    "name",
    ["2026-12", "2026-13", "2026-11-1", "2026-11-0", "2026-11-02", "2026-11-9999", "0000-00", "x", "²026-11"],
)
def test_there_is_no_sitemap_of_what_is_not_there(client, name):
    publish(paper(1))
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_sitemaps_take_few_queries_however_many_papers_there_are(client, count_queries):
    publish(
        *(paper(number) for number in range(30)),
        *(replace(october(number), key=f"o{number}") for number in range(40, 60)),
    )
    assert count_queries(client.get, "/sitemap.xml") <= 2
    assert count_queries(client.get, "/sitemaps/2026-11.xml") <= 2
    assert count_queries(client.get, "/sitemap.xml") == 0


def test_an_address_names_the_public_site(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example.org"})
    publish(paper(1))
    assert (
        b"<loc>https://papers.example.org/papers/2611.00001</loc>"
        in client.get("/sitemaps/2026-11.xml").content
    )
