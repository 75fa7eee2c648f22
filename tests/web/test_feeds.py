"""Every list as a feed: valid in each form, the same whatever people vote, new when a paper is."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from django.core.cache import caches
from django.utils import timezone
from lxml import etree
from tests.web.press import ABSTRACT, FRIDAY, SUNDAY, paper, publish

from broadsheet.http.shelf import shelf
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Signal, Version
from broadsheet.search import indexing
from broadsheet.sources.importing import import_files
from broadsheet.web.feeds import AUTHORS, ITEMS, MOST_ITEMS

pytestmark = pytest.mark.django_db
FORMS = ("atom", "rss", "json")
DAY = "/papers/date/2026-11-20"
LISTS = {
    "latest": "/feed.{}",
    "day": DAY + ".{}",
    "week": "/papers/week/2026-W47.{}",
    "month": "/papers/month/2026-11.{}",
    "trending": "/papers/trending.{}",
    "search": "/papers.{}?q=paper+number",
    "filters": "/papers.{}?q=cat%3Acs.LG+year%3A2026",
    "everything": "/papers.{}",
    "similar": "/papers/2611.00001/similar.{}",
    "category": "/categories/cs.LG.{}",
    "organization": "/organizations/mira.{}",
    "author": "/authors/author-a-of-1.{}",
}
EMPTY = (
    "/feed.{}",
    "/papers/date/2031-01-01.{}",
    "/papers/trending.{}",
    "/papers.{}?q=nothing",
    "/categories/cs.GL.{}",
)
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")


def indexed() -> None:
    while indexing.catch_up():
        pass


def later(number: int, **more: Any):
    """The paper as it is seen a day later."""
    return replace(paper(number, **more), observed_at=SUNDAY + timedelta(days=1))


def checked(form: str, content: bytes) -> list[str]:
    """The ids of a feed that keeps every rule of its form (contracts of RFC 4287, RSS 2.0, JSON Feed 1.1)."""
    ids = {"atom": checked_atom, "rss": checked_rss, "json": checked_json}[form](content)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in ids)
    if form != "json":
        parsed = feedparser.parse(content)
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert [entry.id for entry in parsed.entries] == ids
        assert all(entry.published_parsed and entry.updated_parsed for entry in parsed.entries)
    return ids


def checked_atom(content: bytes) -> list[str]:
    root = etree.fromstring(content)
    assert root.tag == ATOM + "feed"
    entries = root.findall(ATOM + "entry")
    for one in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(one.findall(ATOM + name)) == 1, name
        assert all(RFC_3339.fullmatch(date.text) for date in one.findall(ATOM + "updated"))
        relations = [link.get("rel") for link in one.findall(ATOM + "link")]
        assert relations == ["alternate"] if one in entries else sorted(relations) == ["alternate", "self"]
    assert root.find(f"{ATOM}author/{ATOM}name").text
    for entry in entries:
        assert all(author.find(ATOM + "name").text for author in entry.findall(ATOM + "author"))
        assert entry.find(ATOM + "content").get("type") == "html"
        assert all(category.get("term") for category in entry.findall(ATOM + "category"))
    updated = [entry.find(ATOM + "updated").text for entry in entries]
    assert root.find(ATOM + "updated").text == max(updated, default="1970-01-01T00:00:00+00:00")
    return [entry.find(ATOM + "id").text for entry in entries]


def checked_rss(content: bytes) -> list[str]:
    root = etree.fromstring(content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "lastBuildDate"):
        assert [bool(one.text) for one in channel.findall(name)] == [True], name
    assert channel.find(ATOM + "link").get("rel") == "self"
    items = channel.findall("item")
    for item in items:
        assert len(item.findall("guid")) == 1
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.find("title").text
        assert item.find("link").text.startswith("http://testserver/papers/")
        assert parsedate_to_datetime(item.find("pubDate").text).tzinfo
        assert item.find("author") is None
    return [item.find("guid").text for item in items]


def checked_json(content: bytes) -> list[str]:
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["home_page_url"].startswith("http")
    assert feed["feed_url"].startswith("http")
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith("http")
        assert all(RFC_3339.fullmatch(item[name]) for name in ("date_published", "date_modified"))
        assert all(author["name"] for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
    return [item["id"] for item in feed["items"]]


def items(client, address: str) -> list[dict[str, Any]]:
    return client.get(address).json()["items"]


def names(client, address: str) -> list[str]:
    return [item["url"].rpartition("/")[2] for item in items(client, address)]


@pytest.mark.parametrize("kind", LISTS)
def test_each_page_leads_to_its_list_as_three_feeds_that_say_the_same(client, kind):
    publish(*(paper(number) for number in (1, 4, 8)))
    indexed()
    place = LISTS[kind].format("page").replace(".page", "").replace("/feed", "/")
    page = etree.HTML(client.get(place).content)
    alternates = {
        link.get("type"): link.get("href") for link in page.xpath('//head/link[@rel="alternate"][@title]')
    }
    linked = {link.get("type"): link.get("href") for link in page.xpath('//nav[@class="feeds"]/a')}
    ids = []
    for form in FORMS:
        assert alternates[TYPES[form]] == linked[TYPES[form]]
        feed = client.get(linked[TYPES[form]])
        assert feed.headers["Content-Type"] == f"{TYPES[form]}; charset=utf-8"
        assert client.get(LISTS[kind].format(form)).content == feed.content
        ids.append(checked(form, feed.content))
    assert ids[0] == ids[1] == ids[2] != []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", EMPTY)
def test_an_empty_list_is_a_valid_feed_that_stays_the_same(client, sunday, address, form):
    first = client.get(address.format(form))
    assert checked(form, first.content) == []
    sunday.shift(timedelta(days=3))
    assert client.get(address.format(form)).headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_of_real_papers_keeps_the_rules(client, shared, form):
    day = max((shared / "data" / "hf_daily").glob("*.json"))
    import_files([day], now=SUNDAY, format_name=None, page_year=None, progress=lambda _: None)
    response = client.get(f"/papers/date/{day.stem}.{form}")
    assert len(checked(form, response.content)) > 10


def test_what_a_feed_says_of_a_paper(client):
    publish(paper(1, authors=(AuthorName("Ada Núñez"), AuthorName("Bo & Li"))))
    (entry,) = feedparser.parse(client.get(DAY + ".atom").content).entries
    assert [author.name for author in entry.authors] == ["Ada Núñez", "Bo & Li"]
    assert (entry.tags[0].term, entry.tags[0].label) == ("cs.LG", "Machine Learning")
    assert entry.link == "http://testserver/papers/2611.00001"
    point = "We read what others wrote and print what we learnt."
    assert entry.content[0].value == f"<p><strong>{point}</strong></p><p>{ABSTRACT.strip()}</p>"
    assert entry.published == entry.updated == "2026-11-18T08:00:00+00:00"
    (item,) = etree.fromstring(client.get(DAY + ".rss").content).iter("item")
    assert [creator.text for creator in item.iter(DC + "creator")] == ["Ada Núñez", "Bo & Li"]
    (said,) = items(client, DAY + ".json")
    assert said["authors"][0] == {"name": "Ada Núñez", "url": "http://testserver/authors/ada-nunez"}
    assert said["tags"] == ["cs.LG", "stat.ML"]


NASTY = {
    r"Sums of $x^2$ & <EOS>": "Sums of x² & <EOS>",
    r"$\mathbb{R}$ or </description><b>bold</b>": "ℝ or </description><b>bold</b>",
    "Script 𝒳 and \ufffe and \x07": "Script 𝒳 and \ufffd and",
    "]]> &lt;b&gt; \ud7ff": "]]> <b> \ud7ff",
}


@pytest.mark.parametrize("text", NASTY)
def test_texts_arrive_as_people_read_them(client, text):
    publish(paper(1, title=f"A {text}", abstract=text, authors=(AuthorName(f"A\ufffeda & <{1}>"),)))
    for form in FORMS:
        checked(form, client.get(f"{DAY}.{form}").content)
    entry = etree.fromstring(client.get(f"{DAY}.atom").content).find(ATOM + "entry")
    (said,) = items(client, f"{DAY}.json")
    assert entry.find(ATOM + "title").text == said["title"] == f"A {NASTY[text]}"
    html = entry.find(ATOM + "content").text
    assert html == said["content_html"]
    assert etree.HTML(html).xpath("string(//p)") == NASTY[text]


@pytest.mark.parametrize(("count", "last"), [(AUTHORS, f"Author {AUTHORS - 1}"), (1_234, "and 934 more")])
def test_a_paper_by_three_hundred_names_them_all_and_one_by_more_says_how_many(client, count, last):
    publish(paper(1, authors=tuple(AuthorName(f"Author {number}") for number in range(count))))
    (said,) = items(client, DAY + ".json")
    assert said["authors"][0]["name"] == "Author 0"
    assert said["authors"][-1]["name"] == last


def test_a_paper_without_authors_abstract_and_categories_is_an_item(client):
    publish(paper(1, authors=(), abstract="", categories=(" ",), organizations=()))
    for form in FORMS:
        assert len(checked(form, client.get(f"{DAY}.{form}").content)) == 1


def test_feeds_name_the_address_that_the_site_is_known_by(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example:8443"})
    publish(paper(1))
    feed = client.get(DAY + ".json").json()
    assert feed["feed_url"] == f"https://papers.example:8443{DAY}.json"
    assert feed["items"][0]["url"] == "https://papers.example:8443/papers/2611.00001"


def test_an_item_keeps_its_id_when_its_paper_gets_another_name_and_the_site_another_host(client, settings):
    by_doi, by_arxiv = Identifier("doi", "10.5555/one"), Identifier("arxiv", "2611.00001")
    publish(replace(paper(1), identifiers=(by_doi,)))
    before = items(client, DAY + ".json")
    publish(replace(later(1), identifiers=(by_doi, by_arxiv)))
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    after = items(client, DAY + ".json")
    assert [one["url"] for one in before + after] == [
        "http://testserver/papers/doi:10.5555/one",
        "https://papers.example/papers/2611.00001",
    ]
    assert [one["id"] for one in after] == [one["id"] for one in before]


def test_two_papers_that_turn_out_to_be_one_are_an_item_that_was_there_before(client):
    by_doi = Identifier("doi", "10.5555/one")
    publish(paper(1), replace(paper(2), identifiers=(by_doi,)))
    before = [one["id"] for one in items(client, DAY + ".json")]
    publish(replace(later(1), identifiers=(*paper(1).identifiers, by_doi)))
    (after,) = items(client, DAY + ".json")
    assert len(set(before)) == 2
    assert after["id"] in before


@pytest.mark.parametrize("form", FORMS)
def test_a_vote_changes_nothing_in_a_feed_and_a_version_does(client, sunday, form):
    address = f"{DAY}.{form}"
    publish(*(paper(number, signals=(Signal("upvotes", number),)) for number in (1, 2, 3)))
    first = client.get(address)
    sunday.shift(timedelta(hours=1))
    publish(later(1, signals=(Signal("upvotes", 900), Signal("comments", 7))))
    assert b"900" in client.get(DAY).content
    voted = client.get(address)
    assert voted.content == first.content
    assert [voted.headers[name] for name in ("ETag", "Last-Modified")] == [
        first.headers[name] for name in ("ETag", "Last-Modified")
    ]
    publish(
        later(1, versions=(Version(1, SUNDAY - timedelta(days=4)), Version(2, SUNDAY - timedelta(days=1))))
    )
    revised = client.get(address)
    assert revised.headers["ETag"] != first.headers["ETag"]
    assert revised.headers["Last-Modified"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert checked(form, revised.content) == checked(form, first.content)


def test_only_the_date_of_a_revised_paper_changes(client):
    publish(paper(1))
    before = items(client, DAY + ".json")[0]
    publish(later(1, versions=(Version(1, SUNDAY - timedelta(days=4)), Version(2, SUNDAY))))
    after = items(client, DAY + ".json")[0]
    assert after.pop("date_modified") == "2026-11-22T09:00:00+00:00" > before.pop("date_modified")
    assert after == before


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("form", FORMS)
def test_an_unchanged_feed_is_not_sent_again(client, form, method):
    publish(paper(1))
    address = f"{DAY}.{form}"
    first = client.get(address)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    ask = getattr(client, method)

    def status(**conditions: str) -> int:
        response = ask(address, headers={name.replace("_", "-"): value for name, value in conditions.items()})
        if response.status_code == 304:
            assert response.content == b""
            for name in ("ETag", "Last-Modified", "Cache-Control"):
                assert response.headers[name] == first.headers[name]
            assert "Accept-Encoding" in response.headers["Vary"]
            assert "Content-Length" not in response.headers
        return response.status_code

    assert status(if_none_match=etag) == status(if_none_match=f'"other", {etag.removeprefix("W/")}') == 304
    assert status(if_none_match="*") == status(if_modified_since=changed) == 304
    assert status(if_modified_since="Sat, 21 Nov 2026 09:00:00 GMT") == 200
    # Who sends both is answered by the first (RFC 9110, section 13.2.2).
    assert status(if_none_match='"other"', if_modified_since=changed) == 200
    assert status(if_none_match=etag, if_modified_since="Sat, 21 Nov 2026 09:00:00 GMT") == 304
    assert status(if_modified_since="yesterday") == status(if_none_match="nonsense") == 200


def test_an_unchanged_feed_costs_no_query(client, count_queries):
    publish(paper(1))
    etag = client.get(DAY + ".atom").headers["ETag"]
    assert count_queries(client.get, DAY + ".atom", headers={"if-none-match": etag}) == 0


@pytest.mark.parametrize(
    "address", ["/feed.atom", DAY + ".atom", "/categories/cs.LG.atom", "/authors/author-a-of-0.atom"]
)
def test_a_feed_costs_the_same_queries_for_10_and_for_60_papers(client, count_queries, address):
    publish(*(paper(21 * number + 7) for number in range(10)))
    few = count_queries(client.get, address)
    publish(*(paper(21 * number + 7) for number in range(10, 60)))
    assert count_queries(client.get, address) == few <= 20


def test_an_old_paper_that_is_listed_today_is_new_to_who_asks_by_date(client):
    publish(paper(1))
    address = DAY + ".rss"
    publish(paper(2, listed=None, published=FRIDAY - timedelta(days=900)))
    changed = client.get(address).headers["Last-Modified"]
    publish(replace(paper(2, published=FRIDAY - timedelta(days=900)), observed_at=SUNDAY + timedelta(days=1)))
    again = client.get(address, headers={"if-modified-since": changed})
    assert (again.status_code, again.content.count(b"<item>")) == (200, 2)


def test_a_process_that_has_just_begun_sends_nothing_stale(client, sunday):
    publish(paper(1))
    first = client.get(DAY + ".atom")
    caches["memory"].clear()
    shelf.clear()
    sunday.shift(timedelta(minutes=5))
    by_date = client.get(DAY + ".atom", headers={"if-modified-since": first.headers["Last-Modified"]})
    by_tag = client.get(DAY + ".atom", headers={"if-none-match": first.headers["ETag"]})
    assert (by_date.status_code, by_tag.status_code) == (200, 304)


def test_a_feed_is_the_same_compressed_and_plain(client):
    publish(paper(1))
    plain = client.get(DAY + ".atom")
    small = client.get(DAY + ".atom", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert plain.headers["ETag"] == small.headers["ETag"]


def test_a_feed_is_newest_first_and_of_a_hundred_papers_at_most(client):
    publish(*(paper(number, published=FRIDAY - timedelta(days=number % 50)) for number in range(ITEMS + 20)))
    published = [item["date_published"] for item in items(client, DAY + ".json")]
    assert len(published) == ITEMS
    assert published == sorted(published, reverse=True)


@pytest.mark.parametrize("address", [DAY + ".json?limit=2", "/papers.json?q=paper+number&limit=2"])
def test_who_asks_seldom_asks_for_more(client, address):
    publish(*(paper(number) for number in (1, 4, 8)))
    indexed()
    feed = client.get(address).json()
    assert len(feed["items"]) == 2
    # Readers ask again at the address that the feed says is its own.
    assert client.get(feed["feed_url"]).json() == feed


@pytest.mark.parametrize("limit", ["0", "-1", str(MOST_ITEMS + 1), "9" * 5000, "many", "", "%00", "1.5"])
def test_a_feed_has_no_more_papers_than_that(read, limit):
    assert f"A feed has 1 to {MOST_ITEMS} papers" in read(f"/feed.atom?limit={limit}", status=400)


@pytest.mark.parametrize("taken_back", ["withdrawn", "retracted"])
def test_a_paper_that_was_taken_back_is_no_news(client, taken_back):
    publish(paper(7), paper(14, **{taken_back: True}))
    for address in (DAY, "/authors/author-a-of-0", "/categories/cs.LG"):
        assert names(client, address + ".json") == ["2611.00007"]


def test_a_search_feed_tells_of_new_papers_that_have_every_word(client):
    long_ago = FRIDAY - timedelta(days=500)
    publish(
        paper(1, title="Soft robot hands", listed=None, published=long_ago),
        paper(2, title="Hands of robots that are soft", listed=None),
        paper(3, title="Soft robot hands of glass", listed=None, categories=("cs.RO",)),
        paper(4, title="Robot arms", listed=None),
    )
    indexed()
    assert names(client, "/papers.json?q=soft+robot+hands") == ["2611.00003", "2611.00002", "2611.00001"]
    assert names(client, "/papers.json?q=soft+robot+hands+cat:cs.RO") == ["2611.00003"]
    assert names(client, "/papers.json?q=soft+robot+hands+year:2026") == ["2611.00003", "2611.00002"]
    assert names(client, '/papers.json?q="soft robot hands" -glass') == ["2611.00001"]
    publish(paper(5, title="Hands for a soft robot", listed=None, published=FRIDAY))
    indexed()
    caches["memory"].clear()
    assert names(client, "/papers.json?q=soft+robot+hands")[0] == "2611.00005"


@pytest.mark.parametrize("query", ["soft+robot+elephants", "TideFormer9", "kagome", "soft+zq9"])
def test_a_search_feed_for_words_that_no_paper_has_all_of_is_empty(client, query):
    publish(paper(1, title="Soft robot hands"), paper(2, title="Stars"))
    indexed()
    assert names(client, f"/papers.json?q={query}") == []


def test_a_search_feed_for_a_paper_has_that_paper(client):
    publish(paper(1), paper(2))
    indexed()
    assert names(client, "/papers.json?q=arXiv:2611.00002") == ["2611.00002"]


def test_without_an_index_a_search_feed_for_all_papers_is_still_there(client):
    publish(paper(1), paper(2))
    assert len(names(client, "/papers.json")) == 2
    assert client.get("/papers.json?q=paper").status_code == 503


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("/categories/cs.SY.rss", "/categories/eess.SY.rss"),
        ("/papers/arXiv:2611.00001/similar.json", "/papers/2611.00001/similar.json"),
    ],
)
def test_another_name_of_a_list_leads_on(client, name, address):
    publish(paper(1))
    response = client.get(name)
    assert (response.status_code, response.headers["Location"]) == (301, address)


@pytest.mark.parametrize(
    "address",
    [
        "/papers/date/2026-02-30",
        "/papers/week/2026-W60",
        "/papers/month/now",
        "/papers/2699.99999/similar",
        "/categories/cs.XX",
        "/organizations/nowhere",
        "/authors/nobody",
    ],
)
def test_a_list_that_there_is_not_has_no_feed(read, address):
    assert "There is no" in (said := read(f"{address}.atom", status=404)) or "No paper here" in said


@pytest.mark.parametrize("address", ["/feed.exe", "/feed", "/papers/trending.atom.rss", "/feed.ATOM"])
def test_there_is_no_other_form(read, address):
    read(address, status=404)


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "%ff%fe",
        "%EF%BF%BE",
        quote("</title><script>alert(1)</script>"),
        quote('"' * 500),
        quote("(" * 3_000),
        "a" * 30_000,
        quote("cat: year:x..y -OR AND -("),
        "year%3A2026&q=x&q=y&page=-1&sort=nothing&sense=%00",
    ],
)
def test_any_query_is_a_valid_feed(client, query):
    publish(paper(1))
    indexed()
    for form in FORMS:
        response = client.get(f"/papers.{form}?q={query}")
        assert response.status_code == 200
        checked(form, response.content)


def test_a_page_lists_the_feeds_and_each_of_them_is_there(client):
    publish(*(paper(number) for number in range(3)))
    assert 'href="/feeds"' in client.get("/").content.decode()
    page = client.get("/feeds").content.decode()
    addresses = re.findall(r'href="(/[^"]+\.(?:atom|rss|json|opml))"', page)
    assert {"/feed.atom", "/papers/trending.rss", "/categories/cs.LG.json", "/categories.opml"} <= set(
        addresses
    )
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_page_without_papers_lists_the_feeds_that_there_will_be(client):
    assert "/feed.atom" in client.get("/feeds").content.decode()


def test_nothing_can_be_written_to_a_feed(client):
    assert client.post("/feed.atom", headers={"sec-fetch-site": "same-origin"}).status_code == 405


def test_the_feeds_of_all_categories_are_one_file_for_readers(client):
    publish(paper(1), paper(2, categories=("cs.SY", "q-fin.EC", "cmp-lg", "05C15 & <more>")))
    response = client.get("/categories.opml")
    assert response.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    root = etree.fromstring(response.content)
    assert (root.tag, root.get("version"), root.find("head/title").text) == ("opml", "2.0", "Broadsheet")
    assert all(outline.get("text") for outline in root.iter("outline"))
    feeds = [one for one in root.iter("outline") if one.get("type") == "rss"]
    assert {"Machine Learning", "Systems and Control", "General Economics", "cmp-lg"} <= {
        one.get("text") for one in feeds
    }
    for one in feeds:
        feed = etree.fromstring(client.get(one.get("xmlUrl").removeprefix("http://testserver")).content)
        assert feed.find("channel/link").text == one.get("htmlUrl")
        assert client.get(one.get("htmlUrl").removeprefix("http://testserver")).status_code == 200


def dated(*, listed: date | None, published: datetime | None, precision: Any = None) -> Any:
    made = replace(paper(1, listed=listed), published_at=published, published_precision=precision)
    return replace(made, observed_at=timezone.now())


KNOWN = [
    {"listed": None, "published": None},
    {"listed": FRIDAY, "published": None},
    {"listed": FRIDAY - timedelta(days=9), "published": None},
    {"listed": FRIDAY, "published": SUNDAY - timedelta(days=30)},
    {"listed": FRIDAY, "published": SUNDAY - timedelta(days=40)},
    {"listed": None, "published": datetime(2026, 11, 1, tzinfo=UTC), "precision": "month"},
    {"listed": None, "published": datetime(2026, 1, 1, tzinfo=UTC), "precision": "year"},
]


@pytest.mark.parametrize("first", range(len(KNOWN)))
def test_the_date_of_an_item_is_the_first_that_was_known_whatever_is_known_later(client, sunday, first):
    seen = set()
    for known in (KNOWN[first], *KNOWN):
        sunday.shift(timedelta(hours=7))
        store([dated(**known)], now=timezone.now())
        shelf.clear()
        (item,) = json.loads(client.get("/papers.json").content)["items"]
        assert item["date_modified"] >= item.get("date_published", "")
        seen.add(("json", item["id"], item.get("date_published")))
        for form in ("atom", "rss"):
            (entry,) = feedparser.parse(client.get(f"/papers.{form}").content).entries
            seen.add((form, entry.id, entry.get("published")))
    assert len(seen) == len(FORMS)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("application/atom+xml, text/html;q=0.5", "application/atom+xml"),
        ("*/*", "application/atom+xml"),
        ("", "application/atom+xml"),
    ],
)
def test_a_browser_is_given_a_feed_as_xml_that_it_can_show_and_programs_as_a_feed(client, accept, kind):
    publish(paper(1))
    answer = client.get("/feed.atom", headers={"Accept": accept})
    assert answer["Content-Type"].startswith(kind)
    assert "Accept" in answer["Vary"]
    assert answer.content.count(b"<?xml-stylesheet") == 1
    assert feedparser.parse(answer.content).entries
