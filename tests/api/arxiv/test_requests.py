"""Requests as programs send them, and what is said of those that make no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import feedparser
import pytest
from lxml import etree
from tests.api.arxiv.books import books
from tests.search.shelf import MORNING, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.record import AuthorName, Record, Version
from broadsheet.papers.taxonomy import NAMES
from broadsheet.papers.text import plain
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.live.arxiv import api, snapshot
from broadsheet.sources.live.arxiv.calendar import announcement_day

pytestmark = pytest.mark.django_db

ATOM, OPENSEARCH = "{http://www.w3.org/2005/Atom}", "{http://a9.com/-/spec/opensearch/1.1/}"
NO_HOLIDAYS: frozenset[date] = frozenset()


def feed(response, status: int = 200) -> etree._Element:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def counts(found: etree._Element) -> dict[str, int]:
    names = ("totalResults", "startIndex", "itemsPerPage")
    return {name: int(found.findtext(f"{OPENSEARCH}{name}")) for name in names}


def test_the_head_of_an_answer_says_what_was_asked_and_how_much_there_is(shelf, client):
    found = feed(client.get("/api/query?search_query=cat:cs.*+OR+ti:soup&start=1&max_results=5"))
    assert counts(found) == {"totalResults": 2, "startIndex": 1, "itemsPerPage": 5}
    assert len(found.findall(f"{ATOM}entry")) == 1
    title = "arXiv Query: search_query=cat:cs.* OR ti:soup&id_list=&start=1&max_results=5"
    assert found.findtext(f"{ATOM}title") == title
    # The feed changed when its newest entry did.
    assert found.findtext(f"{ATOM}updated") == found.findtext(f"{ATOM}entry/{ATOM}updated")
    assert (
        found.find(f"{ATOM}link")
        .get("href")
        .endswith("/api/query?search_query=cat:cs.*+OR+ti:soup&start=1&max_results=5")
    )


def test_a_feed_stands_where_the_site_is_known(shelf, client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    found = feed(client.get("/api/query?search_query=ti:soup"))
    assert found.find(f"{ATOM}link").get("href").startswith("https://papers.example/api/query?")


def test_ten_papers_are_given_unless_more_are_asked_for(shelve, client):
    shelve(record(number, "Soup", "soup") for number in range(1, 13))
    found = feed(client.get("/api/query", {"search_query": "soup"}))
    assert (len(found.findall(f"{ATOM}entry")), counts(found)["totalResults"]) == (10, 12)
    assert not feed(client.get("/api/query", {"search_query": "soup", "max_results": 0})).findall(
        f"{ATOM}entry"
    )


def test_a_request_may_be_posted(shelf, client):
    asked = {"search_query": "ti:robots", "max_results": "3"}
    posted = feed(client.post("/api/query", asked))
    assert counts(posted) == counts(feed(client.get("/api/query", asked)))
    assert len(posted.findall(f"{ATOM}entry")) == 1


def as_read(said: Record) -> Record:
    """The record as far as it is read from arXiv's API: no licence, no versions between the first and the
    last, and no class of MSC or ACM among its categories.
    """
    ends = said.versions and tuple(dict.fromkeys((said.versions[0], said.versions[-1])))
    names = tuple(AuthorName(plain(one.name)) for one in said.authors)
    categories = tuple(code for code in said.categories if code in NAMES)
    return replace(said, versions=ends, authors=names, categories=categories, license="", observed_at=None)


def read_back(body: bytes) -> list[Record]:
    """The papers of an answer, read as the site reads arXiv's; of their authors the whole names."""
    page = api.read(body, NO_HOLIDAYS)
    assert not [one for one in page.readings if not isinstance(one, Record)]
    return [
        replace(one, authors=tuple(AuthorName(author.name) for author in one.authors))
        for one in page.readings
    ]


def test_our_own_reader_of_arxiv_reads_our_answers_as_the_same_papers(shelve, client):
    dated = [replace(one, versions=one.versions or (Version(1, one.published_at),)) for one in books()[:9]]
    said = [
        replace(
            one,
            key=one.identifiers[0].value,
            organizations=(),
            updated_at=one.updated_at or one.published_at,
            announced_on=announcement_day(one.published_at, NO_HOLIDAYS),
        )
        for one in dated
    ]
    shelve(said)
    asked = {
        "search_query": "ANDNOT cat:none",
        "max_results": 9,
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    assert read_back(client.get("/api/query", asked).content) == [as_read(one) for one in said]


def test_real_papers_are_read_back_as_the_same_records(shared, shelve, client):
    with open_source(shared / "data/arxiv-metadata-oai-snapshot.json.gz", now=MORNING) as opened:
        papers = [one for one in islice(snapshot.read(opened), 200) if isinstance(one, Record)]
    shelve(papers)
    asked = {"id_list": ",".join(one.key for one in papers), "max_results": 200}
    assert read_back(client.post("/api/query", asked).content) == [as_read(one) for one in papers]


def test_ids_are_known_before_anything_is_indexed(db, client):
    store(books(), now=MORNING)
    found = feed(client.get("/api/query", {"id_list": "2603.00009, arXiv:2603.00001,,"}))
    assert counts(found)["totalResults"] == 2


def test_a_page_of_ids_takes_as_many_queries_as_one_paper(shelf, client, count_queries):
    one = count_queries(client.get, "/api/query?id_list=2603.00009v1,2603.00008v1")
    ids = ",".join(f"2603.{number:05}" for number in range(1, 10))
    assert count_queries(client.get, f"/api/query?id_list={ids},2603.00008v1") <= one <= 15


def test_a_version_that_was_replaced_has_the_texts_that_it_had(shelve, client):
    first = replace(record(1, "Thin Soup", "Water."), versions=(Version(1, MORNING),), observed_at=MORNING)
    later = MORNING + timedelta(days=9)
    shelve([first])
    shelve(
        [
            replace(
                first,
                title="Thick Soup",
                abstract="Less water.",
                versions=(*first.versions, Version(2, later)),
                updated_at=later,
                observed_at=later,
            )
        ]
    )
    found = feed(client.get("/api/query", {"id_list": "2603.00001v1,2603.00001v2"}))
    assert [
        (one.findtext(f"{ATOM}title"), one.findtext(f"{ATOM}summary")) for one in found.iter(f"{ATOM}entry")
    ] == [
        ("Thin Soup", "Water."),
        ("Thick Soup", "Less water."),
    ]


def test_a_summary_of_ours_is_not_given_for_an_abstract(shelve, client):
    shelve([replace(record(1, "Soup", "We summed it up."), source="demo")])
    (entry,) = feed(client.get("/api/query", {"search_query": "ti:soup"})).findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}summary")) == ("Soup", "")


def test_a_paper_of_which_little_is_known_has_all_that_programs_take_for_granted(shelve, client):
    shelve([replace(record(1, "Soup", ""), authors=())])
    (entry,) = feedparser.parse(client.get("/api/query?id_list=2603.00001v1").content).entries
    assert [author.name for author in entry.authors] == [""]
    assert [tag.term for tag in entry.tags] == [entry.arxiv_primary_category["term"]] == [""]
    assert entry.summary == ""


def test_without_an_index_the_answer_says_when_to_ask_again(db, client):
    response = client.get("/api/query", {"search_query": "soup"})
    assert feed(response, 503).findtext(f"{ATOM}entry/{ATOM}title") == "Error"
    assert response["Retry-After"] == "60"


def test_texts_that_xml_cannot_hold_or_must_escape_come_out_right(shelve, client):
    shelve([record(1, "Soup <b> & \x0b\ufffe\x1b[1m “more”", "]]> &amp; soup", "Ann & <Bo>")])
    (entry,) = feed(client.get("/api/query", {"search_query": "ti:soup \x00\x0b"})).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Soup <b> & \ufffd\ufffd\ufffd[1m “more”"
    assert entry.findtext(f"{ATOM}summary") == "]]> &amp; soup"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann & <Bo>"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "a request needs a search_query or an id_list"),
        ({"search_query": " ", "id_list": ""}, "a request needs a search_query or an id_list"),
        ({"id_list": "2603.00001,soup"}, "incorrect id format for soup"),
        ({"id_list": "2603.1"}, "incorrect id format for 2603.1"),
        ({"id_list": "2603.00001v0"}, "incorrect id format for 2603.00001v0"),
        ({"id_list": ",".join(["2603.00001"] * 2001)}, "id_list has more than 2000 ids"),
        ({"search_query": "(soup"}, "what ( opens in search_query does not close"),
        ({"search_query": "soup", "start": "-1"}, "start must be non-negative"),
        ({"search_query": "soup", "start": "x"}, "start must be an integer"),
        ({"search_query": "soup", "max_results": "-1"}, "max_results must be non-negative"),
        ({"search_query": "soup", "max_results": "1e3"}, "max_results must be an integer"),
        ({"search_query": "soup", "max_results": "9" * 5000}, "max_results must be an integer"),
        (
            {"search_query": "soup", "max_results": "2001"},
            "max_results must not be more than 2000; ask for the rest with start",
        ),
        (
            {"search_query": "soup", "start": "29999", "max_results": "2"},
            "start and max_results together must not be more than 30000",
        ),
        (
            {"search_query": "soup", "sortBy": "price"},
            "sortBy must be in: relevance, lastUpdatedDate, submittedDate",
        ),
        ({"search_query": "soup", "sortOrder": "up"}, "sortOrder must be in: descending, ascending"),
    ],
)
def test_what_makes_no_sense_is_a_feed_with_one_error(client, asked, sentence):
    for response in (client.get("/api/query", asked), client.post("/api/query", asked)):
        found = feed(response, 400)
        (entry,) = found.findall(f"{ATOM}entry")
        assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}summary")) == ("Error", sentence)
        assert entry.findtext(f"{ATOM}id").startswith("https://arxiv.org/api/errors#")
        assert counts(found)["totalResults"] == 1
        assert api.read(response.content, NO_HOLIDAYS).is_error


def test_the_last_paper_within_the_limit_can_be_asked_for(shelf, ask):
    assert ask("all:soup", start=29_999, max_results=1) == []
    assert ask("all:soup", start=28_000, max_results=2_000) == []


def test_a_form_that_cannot_be_read_is_refused_in_the_same_form(client, settings):
    broken = client.post("/api/query", b"--x", content_type="multipart/form-data; boundary=")
    assert feed(broken, 400).findtext(f"{ATOM}entry/{ATOM}summary") == "That request makes no sense."
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    large = client.post("/api/query", {"search_query": "soup " * 100})
    assert feed(large, 413).findtext(f"{ATOM}entry/{ATOM}summary") == "A request has no more than 100 bytes."


def test_another_method_is_refused_and_the_right_ones_are_named(client, db):
    response = client.delete("/api/query")
    assert feed(response, 405).findtext(f"{ATOM}entry/{ATOM}title") == "Error"
    assert response["Allow"] == "GET, HEAD, POST"
