"""Pages are rendered once, compressed once, and sent again only when they changed."""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from tests.web.press import SUNDAY, paper, publish

from broadsheet.http import keeping
from broadsheet.http import shelf as shelves
from broadsheet.http.holes import hole
from broadsheet.http.shelf import shelf
from broadsheet.papers import marks
from broadsheet.papers.catalogue import store
from broadsheet.papers.record import Signal
from broadsheet.search import indexing
from broadsheet.web import assets

pytestmark = pytest.mark.django_db
DAY = "/papers/date/2026-11-20"


def test_an_unchanged_page_is_not_sent_again(client):
    publish(paper(1))
    first = client.get(DAY)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(DAY, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_paper_makes_a_new_page(client):
    publish(paper(1))
    first = client.get(DAY)
    store([paper(2)], now=SUNDAY)
    again = client.get(DAY, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200
    assert b"Paper number 2" in again.content


def test_a_revised_paper_is_shown_as_it_is_now(client):
    publish(paper(1))
    assert b"Paper number 1" in client.get("/papers/2611.00001").content
    revised = replace(paper(1), title="A better title", observed_at=SUNDAY + timedelta(days=1))
    store([revised], now=SUNDAY)
    for address in ("/papers/2611.00001", "/papers/2611.00001.md", "/papers/2611.00001.bib", DAY):
        assert b"A better title" in client.get(address).content


def test_papers_of_another_day_make_no_page_anew(client, count_queries):
    publish(paper(1))
    for address in (DAY, "/papers/2611.00001"):
        made = count_queries(client.get, address)
        store([paper(2, listed=None, published=SUNDAY - timedelta(days=400))], now=SUNDAY)
        assert count_queries(client.get, address) <= 3 < made


def test_the_kept_pages_of_a_day_are_as_many_as_the_day_has_and_no_junk_address_adds_any(
    client, count_queries
):
    publish(paper(1))
    client.get(DAY)
    kept = len(shelf)
    for junk in range(20):
        assert count_queries(client.get, f"{DAY}?x={junk}") <= 1
    assert len(shelf) == kept


def test_a_new_day_makes_a_new_page(client, sunday):
    publish(paper(1))
    assert b"still to come" in client.get("/papers/date/2026-11-24").content
    sunday.move_to("2026-11-25T00:00:01+00:00")
    assert b"still to come" not in client.get("/papers/date/2026-11-24").content


def test_a_page_is_the_same_compressed_and_plain(client):
    publish(paper(1))
    plain = client.get(DAY)
    small = client.get(DAY, headers={"accept-encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert plain.headers["ETag"] == small.headers["ETag"]
    assert "Accept-Encoding" in small.headers["Vary"]


def test_what_would_fill_the_memory_is_made_anew_each_time(client, count_queries, monkeypatch):
    publish(paper(1))
    assert count_queries(client.get, "/papers.bib") > count_queries(client.get, "/papers.bib")
    monkeypatch.setattr(keeping, "LARGEST", 100)
    first = count_queries(client.get, "/papers.ris")
    assert count_queries(client.get, "/papers.ris") == first
    etag = client.get("/papers.ris").headers["ETag"]
    assert client.get("/papers.ris", headers={"if-none-match": etag}).status_code == 304


def test_pages_of_a_list_are_kept_apart(client):
    publish(*(paper(number) for number in range(60)))
    assert client.get(DAY).content != client.get(f"{DAY}?page=2").content


def test_a_page_of_fifty_papers_weighs_at_most_60_kb_with_all_it_loads(client):
    publish(*(paper(number) for number in range(50)))
    page = client.get(DAY, headers={"accept-encoding": "gzip"})
    loaded = [assets.read(name).content for name in ("broadsheet.css", "icon.svg")]
    assert len(page.content) + sum(len(gzip.compress(content)) for content in loaded) < 60_000


def test_static_files_carry_a_mark_of_their_content_and_may_be_kept(client):
    address = re.search(rb'href="(/static/broadsheet\.css\?v=[0-9a-f]+)"', client.get("/status").content)[
        1
    ].decode()
    sheet = client.get(address, headers={"accept-encoding": "gzip"})
    assert sheet.headers["Cache-Control"] == assets.FOR_A_YEAR
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sheet.content) == assets.read("broadsheet.css").content


SEARCH = "/papers?q=paper+number"


def test_a_search_is_made_once_for_all_who_ask_alike(client, count_queries):
    publish(paper(1))
    indexed()
    made = count_queries(client.get, SEARCH)
    for again in (SEARCH, "/papers?junk=1&q=paper+number", "/papers?q=paper%20number"):
        assert count_queries(client.get, again) <= 1 < made
    tag = client.get(SEARCH).headers["ETag"]
    assert client.get(SEARCH, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("other", ["&sort=date", "&explain=1", "&page=2", "+two"])
def test_searches_that_differ_are_kept_apart(client, other):
    publish(*(paper(number) for number in range(30)))
    indexed()
    assert client.get(SEARCH).content != client.get(SEARCH + other).content


def test_a_search_finds_a_new_paper_as_soon_as_it_is_indexed_and_shows_a_revised_one_at_once(client):
    publish(paper(1))
    indexed()
    assert b"Paper number 2" not in client.get(SEARCH).content
    publish(paper(2))
    client.get(SEARCH)
    indexed()
    assert b"Paper number 2" in client.get(SEARCH).content
    store([replace(paper(2), title="Paper number two", observed_at=SUNDAY + timedelta(days=1))], now=SUNDAY)
    assert b"Paper number two" in client.get(SEARCH).content


def indexed() -> None:
    while indexing.catch_up():
        pass


def test_the_style_sheet_has_every_part_once_and_asks_for_nothing_that_it_does_not_define():
    folder = Path(finders.find("css/base.css")).parent
    assert sorted(assets.PARTS) == sorted(file.stem for file in folder.iterdir())
    sheet = assets.read(assets.SHEET).content.decode()
    plain = re.sub(r'url\("[^"]*/?(faces/\w+\.woff2)[^"]*"\)', r'url("\1")', sheet)
    assert all((folder / f"{part}.css").read_text() in plain for part in assets.PARTS)
    assert set(re.findall(r"var\((--[\w-]+)", sheet)) <= set(re.findall(r"(--[\w-]+):", sheet))
    assert "@import" not in sheet
    assert all(url.startswith("/static/faces/") for url in re.findall(r'url\("?([^")]+)', sheet))


@pytest.mark.parametrize("part", assets.PARTS[1:])
def test_a_distance_or_size_that_is_a_step_is_written_as_one(part):
    tokens = assets.read("css/tokens.css").content.decode()
    sheet = assets.read(f"css/{part}.css").content.decode()
    sizes = re.findall(r"font(?:-size)?: (?:\w+ )*([\d.]+rem)", sheet)
    distances = re.findall(r"(?:margin|padding|gap)[a-z-]*: ([\d.]+rem);", sheet)
    assert not set(re.findall(r"--step-\d: ([\d.]+rem)", tokens)) & set(sizes)
    assert not set(re.findall(r"--space-\d: ([\d.]+rem)", tokens)) & set(distances)


def test_a_counter_that_rises_is_shown_without_the_page_being_made_anew(client, count_queries, monkeypatch):
    publish(paper(1, signals=(Signal("upvotes", 3),)))
    made = count_queries(client.get, DAY)
    assert "3 upvotes" in client.get(DAY).text
    risen = replace(paper(1, signals=(Signal("upvotes", 8),)), observed_at=SUNDAY + timedelta(days=1))
    store([risen], now=SUNDAY)
    now = time.monotonic() + keeping.FILLED + 1
    monkeypatch.setattr(shelves.time, "monotonic", lambda: now)
    assert count_queries(client.get, DAY) <= 3 < made
    assert "8 upvotes" in client.get(DAY).text


LISTS = ["/", "/papers/week/2026-W47", "/papers/month/2026-11", "/papers/trending"]
CLAIMED = ["/authors/author-a-of-1", "/organizations/mira"]
LISTS += CLAIMED


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_made_anew_when_something_changed_and_else_not(client, count_queries, monkeypatch, address):
    publish(paper(1, signals=(Signal("upvotes", 3),)))
    made = count_queries(client.get, address)
    later = time.monotonic()

    def after(seconds: float) -> int:
        nonlocal later
        later += seconds
        monkeypatch.setattr(shelves.time, "monotonic", lambda: later)
        return count_queries(client.get, address)

    # Who claims to be an author or an organization is looked up with what else fills the holes.
    # The mark of what lists show takes two looks, that of their order two more once a minute.
    filled = 7 if address in CLAIMED else 6
    assert after(marks.LATELY) <= filled < made
    store([replace(paper(1), title="Paper number one", observed_at=SUNDAY + timedelta(days=1))], now=SUNDAY)
    assert after(marks.LATELY) > filled
    assert "Paper number one" in client.get(address).text
    assert after(marks.LATELY) <= filled


@pytest.mark.parametrize("headers", [{}, {"cookie": "a=b"}, {"authorization": "Bearer x"}])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        DAY,
        "/papers/week/2026-W47",
        "/papers/month/2026-11",
        "/papers/trending",
        "/papers?q=paper",
        "/papers?q=nothing+here",
        "/papers/2611.00001",
        "/papers/2611.00001/similar",
        "/authors/author-a-of-1",
        "/organizations/mira",
        "/categories/cs.LG",
    ],
)
def test_no_hole_stays_open(client, address, headers):
    publish(*(paper(number, signals=(Signal("upvotes", number),)) for number in range(1, 6)))
    answer = client.get(address, headers=headers)
    assert answer.status_code in {200, 404}
    assert str(hole(0)).partition(":")[0] not in answer.text
