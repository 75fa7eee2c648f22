"""What the site says about itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.robotparser import RobotFileParser

import pytest
from django.template import engines
from tests.search import tiny
from tests.sources.noted import FRIDAY, announce, at, visit
from tests.web.press import SUNDAY, Links, paper, publish, without_ours

from broadsheet.daily import editions
from broadsheet.papers import heat
from broadsheet.search import fusion, indexing
from broadsheet.search.embedding_models.model_folder import described
from broadsheet.sources.models import Announcement, Host, Run, SourceState

pytestmark = pytest.mark.django_db


@pytest.fixture
def _arxiv(settings, calls) -> None:
    """The site fetches from arXiv, and of Friday's two papers one has come."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001", received=at(FRIDAY))
    announce(FRIDAY, "2611.00002")


@pytest.fixture
def fetch_again(client):
    """Post the form of a gap as a browser does from a page of ours."""

    def post(first: str = "2026-11-20", last: str = "2026-11-20", family: str = "arxiv", **headers: str):
        form = {"family": family, "first": first, "last": last}
        return client.post("/status/fetch", form, headers={"Sec-Fetch-Site": "same-origin"} | headers)

    return post


def asked_again() -> list[str]:
    states = SourceState.objects.filter(again_since=FRIDAY, again_until=FRIDAY)
    return sorted(states.values_list("name", flat=True))


def test_how_we_rank_names_the_numbers_in_force(read, monkeypatch):
    monkeypatch.setattr(heat, "HOURS", {"day": 19, "week": 71, "month": 241})
    monkeypatch.setattr(heat, "STARS", 0.17)
    monkeypatch.setattr(editions, "FRONT_PAGE_ENOUGH", 23)
    monkeypatch.setattr(fusion, "MEANING", 0.27)
    html = read("/about/ranking")
    assert "counts 73 %, how close it is in meaning 27 %" in html
    assert "every order but “Best first” leaves them out" in html
    assert "H is 19 over a day, 71 over a week and 241 over a month" in html
    assert "the smaller of upvotes and 0.17 × stars" in html
    assert all(change.words in html for change in heat.CHANGES)
    assert "fewer than 23 papers" in html


def test_the_status_counts_what_there_is(read):
    publish(paper(1), paper(2))
    Run.objects.create(
        files="<b>day.json",
        started_at=SUNDAY,
        finished_at=SUNDAY + timedelta(minutes=1),
        read=2,
        new=2,
        refused=1234,
    )
    Run.objects.create(files="snapshot.gz", started_at=SUNDAY, message="the file is cut off")
    html = read("/status")
    for part in (
        "2 papers",
        "Hugging Face",
        "&lt;b&gt;day.json",
        "1,234",
        "the file is cut off",
        "22 Nov 2026, 09:00",
    ):
        assert part in html, part


def test_the_status_of_an_empty_catalogue_says_how_to_fill_it(read):
    html = read("/status")
    assert "broadsheet demo" in html
    assert "Nothing was fetched, and nothing imported from files yet" in html


def test_files_are_told_by_their_names_and_no_folder_of_the_server_is(read):
    Run.objects.create(files="-", started_at=SUNDAY)
    Run.objects.create(files="/srv/secret/day.json\n/srv/secret/week/", started_at=SUNDAY)
    html = read("/status")
    assert "standard input" in html
    assert "day.json, week" in html
    assert "secret" not in html


def test_the_status_tells_how_far_another_embedding_model_is(read, tmp_path):
    publish(paper(1), paper(2))
    assert "Another one" not in read("/status")
    indexing.change_model(described(tiny.save(tmp_path / "tiny"), name="<tiny>"))
    html = " ".join(read("/status").split())
    assert "The model is bge-small-en-v1.5 int8. Another one, &lt;tiny&gt;, takes over when" in html
    assert "all papers are embedded with it; 0 are." in html


@pytest.mark.usefixtures("_arxiv")
def test_the_status_says_what_is_missing_of_a_day(read):
    html = " ".join(read("/status").split())
    assert "1 of 2 papers announced on Friday, 20 Nov 2026 is missing" in html
    assert "Of the last 90 days, 1 has a gap." in html
    assert "2611.00002" in html
    assert "Incomplete: 1 day." in html
    assert html.count("<tr>") > 90
    assert not Links(html).styled


@pytest.mark.usefixtures("_arxiv")
def test_the_status_says_that_everything_is_here(read):
    Announcement.objects.update(received_at=SUNDAY)
    html = " ".join(read("/status").split())
    assert "Complete: all 2 papers announced on Friday, 20 Nov 2026 are here." in html
    assert "No day of the last 90 has a gap." in html
    assert "/status/fetch" not in html


def test_the_status_of_a_mirror_says_until_when_it_has_the_changes_and_shows_no_days(read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"sources": "mirror", "mirror_url": "https://papers.example.org"}
    )
    assert "Nothing was fetched from here yet" in read("/status")
    SourceState.objects.create(name="mirror", due_at=SUNDAY, last_good_at=at(FRIDAY))
    html = " ".join(read("/status").split())
    assert re.search(
        r"All changes of its catalogue until <time [^>]*>20 Nov 2026, 06:00</time> are here", html
    )
    assert "<svg" not in html.partition('id="mirror"')[2].partition("</section>")[0]


@pytest.mark.parametrize("has_dumps", [True, False])
def test_the_status_leads_to_the_dumps_where_there_are_any(read, settings, has_dumps):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"dump": has_dumps})
    assert ('href="/dumps"' in read("/status")) == has_dumps


@pytest.mark.usefixtures("_arxiv")
def test_the_status_tells_of_runs_failures_and_hosts_left_alone(read):
    SourceState.objects.create(
        name="arxiv-oai", due_at=SUNDAY, last_good_at=at(FRIDAY), failures=3, message="<i>it answered 503"
    )
    Host.objects.create(name="arxiv.org", free_at=SUNDAY + timedelta(hours=1), refusals=1, reason="<i>503")
    Run.objects.create(source="arxiv-oai", started_at=at(FRIDAY), finished_at=SUNDAY, read=4321)
    html = " ".join(read("/status").split())
    for part in (
        "20 Nov 2026, 06:00",
        "22 Nov 2026, 09:00",
        "3 failed tries: &lt;i&gt;it answered 503",
        "arxiv.org is left alone until",
        "&lt;i&gt;503",
        "4,321",
    ):
        assert part in html, part


def test_what_a_source_says_is_escaped(read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    visit(FRIDAY, "<script>", "down", note="<script>alert(1)</script>")
    announce(FRIDAY, "<script>1")
    html = without_ours(read("/status"))
    assert "<script" not in html
    assert "alert(1)" in html


def test_the_status_takes_as_many_queries_for_full_days_as_for_none(count_queries, client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv,huggingface,biorxiv"})
    SourceState.objects.create(name="arxiv-oai", due_at=SUNDAY, last_good_at=SUNDAY)
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001")
    publish(replace(paper(9, listed=None), source="arxiv", key="2611.00009", announced_on=FRIDAY))
    few = count_queries(client.get, "/status")
    for number in range(1, 60, 2):
        visit(FRIDAY - timedelta(number))
        announce(FRIDAY - timedelta(number), "2611.00001", "2611.00002")
    assert few <= count_queries(client.get, "/status") <= 20


@pytest.mark.usefixtures("_arxiv")
def test_one_click_fetches_a_gap_again(fetch_again, read, calls):
    assert "Fetch again" in read("/status")
    response = fetch_again()
    assert (response.status_code, response.headers["Location"]) == (303, "/status#arxiv")
    assert "arxiv-oai" in asked_again()
    assert calls() == ["fetch"]
    html = read("/status")
    assert "Being fetched again" in html
    assert "/status/fetch" not in html
    before = asked_again()
    assert fetch_again().status_code == 303
    assert asked_again() == before


@pytest.mark.usefixtures("_arxiv")
def test_the_past_is_not_fetched_twice_in_ten_minutes(fetch_again):
    Run.objects.create(source="arxiv-oai", started_at=SUNDAY - timedelta(minutes=1))
    response = fetch_again()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "600")
    assert b"less than 10 minutes ago" in response.content
    assert not asked_again()


@pytest.mark.usefixtures("_arxiv")
@pytest.mark.parametrize(
    "form",
    [
        {"first": "2026-11-19", "last": "2026-11-19"},
        {"first": "2020-01-01", "last": "2020-01-02"},
        {"first": "<b>"},
        {"last": ""},
        {"family": "huggingface"},
        {"family": "<b>nobody"},
    ],
)
def test_what_has_no_gap_or_makes_no_sense_is_not_fetched(fetch_again, form):
    response = fetch_again(**form)
    assert response.status_code == 400
    assert b"<b>" not in response.content
    assert not asked_again()


@pytest.mark.usefixtures("_arxiv")
def test_only_a_form_of_our_own_pages_has_anything_fetched(fetch_again, client):
    assert fetch_again(**{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/status/fetch").status_code == 405
    assert client.get("/status/fetch?family=arxiv&first=2026-11-20&last=2026-11-20").status_code == 405
    assert not asked_again()


def test_the_status_of_now_is_never_kept(client):
    assert "no-store" in client.get("/status").headers["Cache-Control"]


def test_robots_may_read_all_but_searches(read):
    rules, _, sitemap = read("/robots.txt").partition("\n\n")
    assert (
        rules
        == "User-agent: *\nAllow: /papers/\nDisallow: /papers?\nDisallow: /papers.\nDisallow: /papers/*/similar"
    )
    assert sitemap == "Sitemap: http://testserver/sitemap.xml\n"
    robots = RobotFileParser()
    robots.parse(rules.split("\n"))
    assert not robots.can_fetch("Any", "/papers?q=all")
    assert robots.can_fetch("Any", "/papers/2611.00001")


@pytest.mark.parametrize("dump", [True, False])
def test_programs_that_read_are_told_what_there_is(client, settings, dump):
    """As https://llmstxt.org has it: a name, a sentence, and then lists of links alone."""
    site = "https://papers.example.org"
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": site, "dump": dump})
    response = client.get("/llms.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    about, *sections = re.split("^## .+$", response.content.decode(), flags=re.MULTILINE)
    assert about.startswith("# Broadsheet\n\n> ")
    links = [line for section in sections for line in section.split("\n") if line]
    found = [re.fullmatch(rf"- \[[^\]]+\]\({site}(/[^)]*)\): .+", line) for line in links]
    addresses = [one[1] for one in found if one]
    assert len(addresses) == len(links)
    assert ("/dumps" in addresses) == dump
    for address in addresses:
        # MCP is spoken by POST.
        assert client.get(address).status_code == (405 if address == "/mcp" else 200), address


def test_the_name_of_the_site_is_told_to_programs_as_it_is(read, monkeypatch):
    monkeypatch.setitem(engines["jinja2"].env.globals, "site_name", "Mira & Sons")
    assert read("/llms.txt").startswith("# Mira & Sons\n")


def test_the_icon_is_where_icons_used_to_be(client):
    response = client.get("/favicon.ico", follow=True)
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.getvalue().startswith(b"<svg")
    response.close()
