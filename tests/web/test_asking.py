"""A reader asks for a paper of arXiv that is not here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.web.press import SUNDAY, paper, publish

from broadsheet.jobs import life
from broadsheet.jobs.queue import queue
from broadsheet.sources.live.wanted import WAITING_AT_MOST
from broadsheet.sources.models import WantedPaper

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


@pytest.fixture(autouse=True)
def _fetching_from_arxiv(settings, calls) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Post the form as a browser does from a page of ours; what is done once it is stored is done."""

    def post(name: str, **headers: str):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                "/papers/ask", {"id": name}, headers={"Sec-Fetch-Site": "same-origin"} | headers
            )

    return post


def waiting() -> list[str]:
    return sorted(WantedPaper.objects.filter(found=None).values_list("arxiv_id", flat=True))


@pytest.mark.parametrize("address", ["/papers?q=2408.00714", "/papers?q=arXiv:2408.00714v2"])
def test_a_search_for_a_paper_that_is_not_here_offers_to_fetch_it(read, address):
    html = read(address)
    assert 'action="/papers/ask"' in html
    assert 'name="id" value="2408.00714"' in html


def test_the_page_of_a_paper_that_is_not_here_offers_to_fetch_it(read):
    html = read("/papers/2408.00714v3", status=404)
    assert 'name="id" value="2408.00714"' in html
    assert "https://arxiv.org/abs/2408.00714" in html


@pytest.mark.parametrize("address", ["/papers?q=2611.00001x", "/papers?q=10.1234/abc", "/papers?q=reading"])
def test_what_arxiv_cannot_have_is_not_offered(read, address):
    publish(paper(1))
    assert "/papers/ask" not in read(address)


def test_where_nothing_is_fetched_from_arxiv_nothing_is_offered(read, ask, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "huggingface"})
    assert "/papers/ask" not in read("/papers?q=2408.00714")
    assert "/papers/ask" not in read("/papers/2408.00714", status=404)
    assert ask("2408.00714").status_code == 400
    assert not waiting()


def test_one_click_asks_for_the_paper_and_wakes_the_worker(ask, client, calls):
    response = ask("arXiv:2408.00714v1")
    assert (response.status_code, response.headers["Location"]) == (303, "/papers/2408.00714")
    assert waiting() == ["2408.00714"]
    assert calls() == ["fetch"]
    page = client.get("/papers/2408.00714")
    assert page.status_code == 202
    assert "no-store" in page.headers["Cache-Control"]
    assert b"arXiv will be asked for 2408.00714" in page.content


def test_only_while_a_worker_runs_a_paper_is_promised_within_a_minute(ask, read):
    now, promise, truth = datetime.now(UTC), "a minute", "does not run just now"

    def shown() -> tuple[bool, bool]:
        html = read("/papers/2408.00714", status=202 if waiting() else 404)
        return promise in html, truth in html

    assert shown() == (False, True)
    life.give(now=now)
    assert shown() == (True, False)
    ask("2408.00714")
    assert shown() == (True, False)
    assert "arXiv was asked for 2408.00714" in read("/papers/2408.00714", status=202)
    for silent_since in (now - timedelta(minutes=6), now + timedelta(minutes=6)):
        life.give(now=silent_since)
        assert shown() == (False, True)
    life.give(now=now)
    life.end()
    assert shown() == (False, True)


def test_a_second_click_changes_nothing(ask):
    assert ask("2408.00714").status_code == ask("2408.00714").status_code == 303
    assert waiting() == ["2408.00714"]


def test_old_identifiers_have_their_page_too(ask, read):
    assert ask("hep-th/9901001").headers["Location"] == "/papers/hep-th/9901001"
    assert "arXiv will be asked for hep-th/9901001" in read("/papers/hep-th/9901001", status=202)


def test_a_paper_that_is_here_is_shown_and_not_asked_for(ask):
    publish(paper(1))
    assert ask("2611.00001").headers["Location"] == "/papers/2611.00001"
    assert not waiting()


@pytest.mark.parametrize(
    "name", ["", "reading", "<b>", "2408.007", "10.1234/abc", "a" * 40 + "/9901001", "\0"]
)
def test_what_is_no_identifier_of_arxiv_is_refused(ask, name):
    response = ask(name)
    assert response.status_code == 400
    assert b"no identifier of arXiv" in response.content
    assert not waiting()


def test_a_paper_that_arxiv_does_not_know_can_be_asked_for_again_a_day_later(read, ask):
    answered = {"asked_at": SUNDAY, "found": False}
    WantedPaper.objects.create(arxiv_id="2408.00714", answered_at=SUNDAY - timedelta(hours=1), **answered)
    html = read("/papers/2408.00714", status=404)
    assert "arXiv does not know 2408.00714" in html
    assert "/papers/ask" not in html
    WantedPaper.objects.update(answered_at=SUNDAY - timedelta(days=1))
    assert "/papers/ask" in read("/papers/2408.00714", status=404)
    ask("2408.00714")
    assert waiting() == ["2408.00714"]


def test_an_answer_that_could_not_be_used_is_not_called_an_unknown_paper(read):
    WantedPaper.objects.create(arxiv_id="2408.00714", asked_at=SUNDAY, answered_at=SUNDAY, found=True)
    html = read("/papers/2408.00714", status=404)
    assert "could not be used" in html
    assert "does not know" not in html


def test_so_many_may_wait_and_no_more(ask):
    WantedPaper.objects.bulk_create(
        WantedPaper(arxiv_id=f"2408.{number:05}", asked_at=SUNDAY) for number in range(WAITING_AT_MOST)
    )
    response = ask("2408.99999")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "papers are waiting" in response.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": HERE},
        {"Sec-Fetch-Site": "", "Origin": HERE},
    ],
)
def test_a_form_of_another_site_does_nothing(ask, headers):
    response = ask("2408.00714", **headers)
    assert response.status_code == 403
    assert b"did not come from a page of this site" in response.content
    assert not waiting()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (HERE, 303),
        ("https://testserver", 403),
        ("https://evil.example", 403),
        ("https://testserver.evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_a_browser_that_says_only_its_origin_is_believed(client, origin, status):
    response = client.post("/papers/ask", {"id": "2408.00714"}, headers={"Origin": origin})
    assert response.status_code == status


def test_reading_the_address_of_the_form_asks_for_nothing(client):
    response = client.get("/papers/ask?id=2408.00714")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert b"nothing to read here" in response.content
    assert not WantedPaper.objects.exists()


def test_whoever_repeats_a_wish_wakes_nobody_and_uses_nothing_up(ask, calls, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "ask=2/day"})
    for _ in range(10):
        assert ask("2408.00714").status_code == 303
    assert calls() == ["fetch"]
    queue().store.flush()
    ask("2408.00714")
    assert calls() == []
    assert ask("2408.00715").status_code == 303
    assert calls() == ["fetch"]


def test_a_client_may_ask_for_so_many_papers_a_day(ask, calls, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "ask=2/day"})
    assert [ask(f"2408.0071{last}").status_code for last in range(4)] == [303, 303, 429, 429]
    assert len(waiting()) == 2
    assert ask("2408.00711").status_code == 303


def test_forms_are_limited_from_this_machine_too(ask, calls, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "post=3/minute"})
    with time_machine.travel(SUNDAY, tick=False):
        answers = [ask("2408.00714") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
