"""How often a client may ask, who a client is, and what it is told."""

from __future__ import annotations

import json
from ipaddress import ip_address

import pytest
import time_machine
from django.core.cache import caches
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from tests.site.running import serving
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.limits import client as who

pytestmark = pytest.mark.django_db
ELSEWHERE = "192.0.2.7"
LIST = "/api/daily_papers"


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    caches["limits"].clear()
    caches["default"].clear()


@pytest.fixture
def quota(settings):
    """Let clients ask so often: `quota(3)`; behind so many proxies."""

    def set_quota(number: int, *, proxies: int = 0) -> None:
        update = {"api_quota": number, "proxies": proxies}
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update=update)

    return set_quota


@pytest.fixture
def ask(client):
    """The answer to a client at an address: `ask("/papers.atom", of="192.0.2.8")`."""

    def answer(address: str = LIST, *, of: str = ELSEWHERE, **headers: str):
        return client.get(address, REMOTE_ADDR=of, headers=headers)

    return answer


def test_a_client_is_told_what_is_left_until_when(ask, quota):
    quota(3)
    with time_machine.travel(SUNDAY, tick=False):
        told = [ask().headers["RateLimit"] for _ in range(3)]
        assert told == ['"api";r=2;t=300', '"api";r=1;t=300', '"api";r=0;t=300']
        assert ask().headers["RateLimit-Policy"] == '"fixed window";"api";q=3;w=300'
    with time_machine.travel(SUNDAY.replace(minute=4, second=59), tick=False):
        assert ask().headers["Retry-After"] == "1"
    with time_machine.travel(SUNDAY.replace(minute=5), tick=False):
        assert ask().headers["RateLimit"] == '"api";r=2;t=300'


@pytest.mark.parametrize("address", [LIST, "/api/papers/2611.00001"])
def test_a_client_that_asks_too_often_is_refused_in_json(ask, quota, address):
    quota(1)
    ask(address)
    refused = ask(address)
    assert refused.status_code == 429
    said = json.loads(refused.content)["error"]
    assert said.startswith("A client may ask 1 times in 300 seconds")
    assert refused.headers["X-Error-Message"] == said
    assert 0 < int(refused.headers["Retry-After"]) <= 300


def test_an_agent_is_refused_by_an_error_of_its_protocol(ask, quota):
    quota(1)
    ask("/mcp")
    refused = ask("/mcp")
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/json")
    said = json.loads(refused.content)
    assert (said["jsonrpc"], said["id"]) == ("2.0", None)
    assert said["error"]["message"].startswith("A client may ask 1 times in 300 seconds")


def test_our_own_api_refuses_with_a_problem(ask, quota):
    quota(1)
    ask("/api/v1/search")
    refused = ask("/api/v1/search")
    assert refused.headers["Content-Type"] == "application/problem+json"
    said = json.loads(refused.content)
    assert (said["status"], said["title"]) == (429, "Too Many Requests")


def test_the_api_of_arxiv_refuses_in_plain_words(ask, quota):
    quota(1)
    ask("/api/query")
    refused = ask("/api/query")
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "address", ["/papers/date/2026-11-20.atom", "/papers.rss?q=a", "/papers/2611.00001.md"]
)
def test_feeds_and_exports_are_refused_by_a_page(ask, quota, address):
    quota(1)
    ask(address)
    refused = ask(address)
    assert refused.status_code == 429
    assert b"Not so fast" in refused.content
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["/", "/papers/date/2026-11-20", "/papers?q=a", "/robots.txt", "/healthz"]
)
def test_readers_of_pages_are_never_refused(ask, quota, address):
    quota(1)
    publish(paper(1))
    for _ in range(3):
        answer = ask(address)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers


def test_clients_are_counted_apart(ask, quota):
    quota(1)
    assert ask(of="192.0.2.1").status_code != 429
    assert ask(of="192.0.2.2").status_code != 429
    assert ask(of="192.0.2.1").status_code == 429


def test_a_network_of_ipv6_is_one_client(ask, quota):
    quota(1)
    ask(of="2001:db8:0:1::1")
    assert ask(of="2001:db8:0:1:ffff::2").status_code == 429
    assert ask(of="2001:db8:0:2::1").status_code != 429


@pytest.mark.parametrize("here", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
def test_programs_on_the_same_machine_are_told_and_never_refused(ask, quota, here):
    quota(1)
    ask(of=here)
    answer = ask(of=here)
    assert answer.status_code != 429
    assert answer.headers["RateLimit"].startswith('"api";r=0;')


def test_without_a_quota_nobody_is_counted(ask, quota):
    quota(0)
    assert "RateLimit" not in ask().headers


def test_a_client_cannot_pretend_to_be_another(ask, quota):
    quota(1)
    ask(**{"X-Forwarded-For": "192.0.2.1"})
    assert ask(**{"X-Forwarded-For": "192.0.2.2"}).status_code == 429
    quota(1, proxies=1)
    ask(of="127.0.0.1", **{"X-Forwarded-For": "192.0.2.1, 192.0.2.9"})
    assert ask(of="127.0.0.1", **{"X-Forwarded-For": "192.0.2.2, 192.0.2.9"}).status_code == 429


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 1, "10.0.0.1"),
        ("192.0.2.1", 0, "10.0.0.1"),
        ("192.0.2.1", 1, "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", 1, "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1,10.0.0.2", 2, "192.0.2.1"),
        ("192.0.2.1", 3, "192.0.2.1"),
        ("192.0.2.1:8000", 1, "192.0.2.1"),
        ("[2001:db8::1]:8000", 1, "2001:db8::1"),
        ("[2001:db8::1", 1, "2001:db8::1"),
        ("::ffff:192.0.2.1", 1, "192.0.2.1"),
        ("unknown", 1, "10.0.0.1"),
        (",,,", 1, "10.0.0.1"),
    ],
)
def test_behind_proxies_a_client_is_whom_the_first_of_ours_saw(forwarded, proxies, address):
    assert who("10.0.0.1", forwarded, proxies=proxies) == ip_address(address)


@pytest.mark.thorough
def test_the_client_of_hugging_face_says_when_to_come_back(tmp_path):
    with serving(tmp_path, API_QUOTA="1", PROXIES="1") as (here, _):
        headers = {"X-Forwarded-For": ELSEWHERE}
        api = HfApi(endpoint=str(here.base_url).rstrip("/"), token=False, headers=headers)
        assert list(api.list_daily_papers()) == []
        with pytest.raises(HfHubHTTPError, match="you have reached your 'api' rate limit") as refused:
            list(api.list_daily_papers())
    assert refused.value.response.status_code == 429
    assert "A client may ask 1 times" in str(refused.value)


def test_counting_costs_no_query(ask, quota, count_queries):
    quota(1)
    ask()
    assert count_queries(ask) == 0


def test_who_takes_too_much_of_the_processor_waits_be_it_by_pages_and_this_machine_does_not(ask, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "read=1/minute"})
    publish(*(paper(number) for number in range(1, 30)))
    with time_machine.travel(SUNDAY, tick=False):
        answers = [ask(f"/papers?q=paper+{number}") for number in range(300)]
        assert {answers[0].status_code, answers[-1].status_code} == {200, 429}
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert ask("/", of="127.0.0.1").status_code == ask("/", of="192.0.2.8").status_code == 200
    with time_machine.travel(SUNDAY.replace(minute=2), tick=False):
        assert ask("/").status_code == 200
