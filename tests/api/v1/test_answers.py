"""What all answers have in common: headers, methods, and how requests are refused."""

from __future__ import annotations

import itertools

import pytest
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db
ROUTES = ["papers", "papers/2611.00001", "editions", "editions/day/2026-11-20", "trending", "search?q=paper"]
ROUTES += ["organizations", "organizations/mira", "authors/author-a-of-1", "categories", "categories/cs.LG"]
ROUTES += ["sources", "status", "changes", "papers/2611.00001/similar", "openapi.json"]


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_can_be_asked_for_again_and_read_from_other_sites(edition, client, route):
    answer = client.get(f"/api/v1/{route}", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    again = client.get(f"/api/v1/{route}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    head = client.head(f"/api/v1/{route}")
    assert (head.status_code, head["Content-Type"]) == (200, answer["Content-Type"])
    assert head["ETag"] == answer["ETag"]
    assert client.head(f"/api/v1/{route}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    other = client.get(f"/api/v1/{route}", headers={"If-Match": '"another"'})
    assert (other.status_code, other["Content-Type"]) == (412, "application/problem+json")


def test_a_parameter_that_does_not_exist_is_refused_everywhere(client):
    for route in ROUTES:
        answer = client.get(f"/api/v1/{route}{'&' if '?' in route else '?'}colour=red")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert answer.json()["errors"][0]["parameter"] == "colour"


def test_a_parameter_that_comes_twice_is_refused(client):
    (problem,) = client.get("/api/v1/papers?limit=1&limit=2").json()["errors"]
    assert problem == {"parameter": "limit", "detail": "It comes 2 times; once is enough"}


@pytest.mark.parametrize("address", ["/api/v1/papers", "/api/daily_papers", "/api/v1/nothing"])
def test_a_browser_that_asks_first_is_told_that_reading_is_allowed(client, address):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(address, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Type" not in answer
    assert "GET" in answer["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


def test_pages_stay_closed_to_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/")


def test_another_method_is_refused_with_those_that_are_allowed(edition, client):
    for route, method in itertools.product(ROUTES, ["POST", "DELETE", "TRACE", "BREW"]):
        assert client.get(f"/api/v1/{route}").status_code == 200
        answer = client.generic(method, f"/api/v1/{route}")
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert answer["Allow"] == "GET, HEAD"


def test_a_list_in_a_body_is_only_posted(client):
    assert client.get("/api/v1/papers/batch")["Allow"] == "POST"


def test_an_address_that_nothing_has_is_a_problem_too(ask):
    assert (
        ask("paper", status=404)["detail"]
        == "There is nothing at /api/v1/paper; /api/docs lists what there is."
    )
    assert ask("", status=404)


def test_the_address_of_all_routes_leads_to_their_description(client):
    answer = client.get("/api/v1")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "/api/docs lists what there is" in answer.json()["detail"]


def test_a_number_is_written_in_digits(ask):
    for number in ("1_0", "+5", "2.0", " 5", "５", "", "9" * 40, "1e2", "null"):
        (problem,) = ask("papers", limit=number, status=400)["errors"]
        assert problem == {"parameter": "limit", "detail": "A number is written in digits"}


def test_the_host_that_the_site_does_not_have_is_refused_in_the_same_form(client):
    answer = client.get("/api/v1/trending", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("address", ["papers/10.1000/%00", "papers?ids=%00", "authors/%00", "search?q=a%00b"])
def test_the_character_nul_is_refused(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_all_that_is_wrong_is_said_at_once_and_by_name(ask):
    problem = ask("papers", limit=0, cursor="x" * 300, status=400)
    assert {one["parameter"] for one in problem["errors"]} == {"limit", "cursor"}
    assert "limit: Input should be greater than or equal to 1" in problem["detail"]


def test_a_parameter_that_does_not_exist_is_refused_and_those_that_do_are_named(ask):
    (problem,) = ask("trending", size=5, status=400)["errors"]
    assert problem == {
        "parameter": "size",
        "detail": "There is no such parameter; there are fields, limit, cursor, over, as_of",
    }


def test_a_thousand_and_more_parameters_are_too_many(client):
    answer = client.get("/api/v1/papers?" + "&".join("limit=1" for _ in range(1001)))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_next_page_is_also_an_address_in_a_header(edition, client):
    answer = client.get("/api/v1/editions/day/2026-11-20?limit=2&fields=id")
    address, _, relation = answer["Link"].partition("; ")
    assert relation == 'rel="next"'
    assert address.startswith("<http://testserver/api/v1/editions/day/2026-11-20?limit=2&fields=id&cursor=")
    assert [one["place"] for one in client.get(address[1:-1]).json()["papers"]] == [3, 4]


def test_the_next_page_is_where_the_site_is_known(edition, client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    answer = client.get("/api/v1/editions/day/2026-11-20?limit=2")
    assert answer["Link"].startswith("<https://papers.example/api/v1/editions/day/2026-11-20?limit=2&cursor=")


def test_an_unknown_token_is_no_reason_to_refuse(edition, client):
    assert client.get("/api/v1/papers", headers={"Authorization": "Bearer hf_unknown"}).status_code == 200


def test_what_breaks_on_our_side_is_a_problem_without_details(client):
    client.raise_request_exception = False
    with connection.execute_wrapper(broken):
        answer = client.get("/api/v1/papers")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in answer.content.decode()


def broken(*arguments: object) -> None:
    raise OperationalError("secret table")
