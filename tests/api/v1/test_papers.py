"""Papers, one, many and all, as a program reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Signal, Version

pytestmark = pytest.mark.django_db


def ids(answer) -> list[str]:
    return [one["id"] for one in answer["papers"]]


def walked(ask, address: str, *, cursor: str | None = "", **asked) -> list[str]:
    """All papers of a list, page by page, from a cursor on."""
    found = []
    while cursor is not None:
        answer = ask(address, cursor=cursor, **asked)
        found += [one.get("paper", one)["id"] for one in answer["papers"]]
        cursor = answer["next"]
    return found


def test_a_paper_has_every_field_that_is_known(ask):
    publish(
        paper(3, title=r"On $\ell_1$ norms", versions=(Version(1),), keywords=("norms",), comment="9 pages")
    )
    known = ask("papers/2611.00003")
    assert (known["title"], known["title_source"]) == ("On ℓ₁ norms", r"On $\ell_1$ norms")
    assert known["identifiers"] == [{"scheme": "arxiv", "value": "2611.00003"}]
    assert known["versions"] == [{"number": 1, "created_at": None}]
    assert len(known["authors"]) == known["author_count"] == 7
    assert known["organizations"] == [{"slug": "cavendish", "name": "Cavendish Laboratory"}]
    assert {
        "source": "huggingface",
        "name": "upvotes",
        "value": 4,
        "observed_at": "2026-11-22T09:00:00Z",
    } in (known["signals"])
    assert (known["listings"][0]["day"], known["day"]) == ("2026-11-20", "2026-11-18")
    assert (known["comment"], known["keywords"], known["changes"]) == ("9 pages", ["norms"], [])


def test_a_paper_is_found_by_any_of_its_names(ask):
    publish(paper(3, title="One"), replace(paper(4), identifiers=(Identifier("doi", "10.1000/a(b)"),)))
    assert ask("papers/arXiv:2611.00003v2", fields="title") == {"id": "2611.00003", "title": "One"}
    assert ask("papers/https://doi.org/10.1000/A(B)", fields="id") == {"id": "doi:10.1000/a(b)"}


def test_an_unknown_paper_is_a_problem_that_says_so(ask):
    problem = ask("papers/2611.99999", status=404)
    assert problem["detail"] == "No paper here is known as 2611.99999."
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Not Found", 404)


def test_all_papers_come_once_newest_first_and_those_without_a_date_last(edition, ask):
    publish(*(replace(paper(number, listed=None), published_at=None) for number in (40, 41, 42)))
    everything = ids(ask("papers"))
    assert everything[:6] == [f"2611.{number:05}" for number in (6, 5, 4, 3, 2, 1)]
    assert everything[-3:] == ["2611.00042", "2611.00041", "2611.00040"]
    for limit in (1, 2, 5, 9, 10):
        assert walked(ask, "papers", limit=limit) == everything


def test_a_paper_that_arrives_while_somebody_reads_shifts_nothing(edition, ask):
    first = ask("papers", limit=4)
    publish(paper(50, published=FRIDAY))
    assert ids(ask("papers", limit=4, cursor=first["next"])) == [
        "2611.00002",
        "2611.00001",
        "2611.00007",
        "2611.00008",
    ]


def test_many_papers_are_asked_for_at_once_in_any_spelling(edition, ask, client):
    asked = ["2611.00005", "arxiv:2611.00002", "2611.77777", "https://arxiv.org/abs/2611.00005", "nonsense"]
    answer = ask("papers", ids=", ".join(asked), fields=" id")
    assert ids(answer) == ["2611.00005", "2611.00002"]
    assert answer["unknown"] == ["2611.77777", "nonsense"]
    assert client.get("/api/v1/papers", {"ids": asked, "fields": "id"}).json() == answer
    sent = client.post("/api/v1/papers/batch?fields=id", asked, content_type="application/json")
    assert sent.json() == answer


def test_a_thousand_papers_come_in_one_answer_and_a_few_queries(client, count_queries):
    bare = {"signals": (), "authors": (), "organizations": (), "links": (), "categories": ()}
    publish(*(paper(number, listed=None, **bare) for number in range(1000)))
    asked = [f"2611.{number:05}" for number in reversed(range(1000))]

    def read():
        return client.post("/api/v1/papers/batch", asked, content_type="application/json")

    assert ids(read().json()) == asked
    assert count_queries(read) <= 12
    assert ids(client.get("/api/v1/papers", {"ids": ",".join(asked), "fields": "id"}).json()) == asked


def test_more_than_a_thousand_at_once_is_too_many(ask, client):
    problem = ask("papers", ids=",".join(str(number) for number in range(1001)), status=413)
    assert "no more than 1,000" in problem["detail"]
    sent = client.post("/api/v1/papers/batch", ["1"] * 1001, content_type="application/json")
    assert sent.status_code == 413
    large = client.post(
        "/api/v1/papers/batch", '["' + "x" * 5_000_000 + '"]', content_type="application/json"
    )
    assert large.status_code == 413
    assert large["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", ["", "{", '"2611.00001"', "[1]", '["\\ud800"]', "[[" * 5000])
def test_a_body_that_is_no_list_of_names_is_refused(client, body):
    sent = client.post("/api/v1/papers/batch", body, content_type="application/json")
    assert sent.status_code == 400
    assert sent.json()["title"] == "Bad Request"


def test_only_the_fields_asked_for_are_sent(edition, ask):
    assert all(set(one) == {"id", "title"} for one in ask("papers", fields="title")["papers"])
    (problem,) = ask("papers", fields="title,price", status=400)["errors"]
    assert problem["parameter"] == "fields"
    assert problem["detail"].startswith("There is no field 'price'; there are id, title,")


def test_lists_leave_out_what_is_long_unless_it_is_named(edition, ask):
    (brief,) = ask("papers", limit=1)["papers"]
    assert not {"changes", "said"} & set(brief)
    (named,) = ask("papers", limit=1, fields="said")["papers"]
    assert set(named) == {"id", "said"}


@pytest.mark.parametrize(
    ("cursor", "status"),
    [("é", 400), ("=" * 9, 400), ("x", 409), ("bnVsbA", 409), ("WyJwbGFjZSIsMSwyXQ", 409)],
)
def test_a_cursor_that_this_list_never_gave_is_refused(edition, ask, cursor, status):
    (problem,) = ask("papers", cursor=cursor, status=status)["errors"]
    assert problem["parameter"] == "cursor"


LISTS = ["papers", "editions/month/2026-11", "trending", "organizations/mira", "categories/cs.LG"]


@pytest.mark.parametrize("other", LISTS)
def test_a_cursor_is_for_the_list_that_gave_it(edition, ask, other):
    cursor = ask("categories/stat.ML", limit=1)["next"]
    assert ask("categories/stat.ML", limit=1, cursor=cursor)["papers"]
    assert ask(other, limit=1, cursor=cursor, status=409)["errors"][0]["parameter"] == "cursor"


def test_similar_papers_come_with_how_close_they_are(edition, ask):
    publish(
        paper(20, title="Soup for robots", listed=None), paper(21, title="Robots that eat soup", listed=None)
    )
    index()
    answer = ask("papers/2611.00020/similar", limit=3, fields="title")
    assert answer["id"] == "2611.00020"
    assert "2611.00020" not in [one["paper"]["id"] for one in answer["papers"]]
    scores = [one["score"] for one in answer["papers"]]
    assert scores == sorted(scores, reverse=True)
    problem = ask("papers/2611.00020/similar", like="2611.99999", status=404)
    assert problem["detail"] == "No paper here is known as 2611.99999."


def test_counts_of_votes_change_the_answer_and_its_etag(client):
    publish(paper(3))
    before = client.get("/api/v1/papers/2611.00003")
    publish(replace(paper(3, signals=(Signal("upvotes", 99),)), observed_at=SUNDAY + timedelta(hours=1)))
    after = client.get("/api/v1/papers/2611.00003", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert (
        client.get("/api/v1/papers/2611.00003", headers={"If-None-Match": after["ETag"]}).status_code == 304
    )


def index() -> None:
    from broadsheet.search import indexing

    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()
