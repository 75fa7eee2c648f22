"""The pages on which papers are submitted and decided on."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.models import Person
from broadsheet.community.models import Submission

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _a_community(settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})


def signed_in(handle: str, role: str = "reader") -> Client:
    person = Person.objects.create(handle=handle, name=handle.title(), role=role, vouched_at=SUNDAY)
    client = Client(headers=OURS)
    client.force_login(person, backend="broadsheet.accounts.sessions.SignIn")
    return client


@pytest.fixture
def ana() -> Client:
    return signed_in("ana")


@pytest.fixture
def curator() -> Client:
    return signed_in("cleo", "curator")


def sent(client: Client, text: str = "2611.00001") -> Submission:
    assert client.post("/submit", {"paper": text}).status_code == HTTPStatus.SEE_OTHER
    return Submission.objects.latest("pk")


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_who_submits_sees_the_rules_what_is_left_and_what_became_of_it(ana, curator, calls):
    publish(paper(1, listed=None))
    before = text_of(ana, "/submit")
    assert "at most 30 days old" in before
    assert "5 submissions a day by each reader; today you have <strong>5</strong> left" in before
    one = sent(ana)
    page = text_of(ana, "/submit")
    assert "<strong>4</strong> left" in page
    assert '<a href="/papers/2611.00001">Paper number 1</a>' in page
    assert "<strong>Waiting</strong>" in page
    curator.post("/curate", {"submission": one.pk, "do": "decline", "reason": "A <b>survey</b>."})
    assert "<strong>Declined</strong>: A &lt;b&gt;survey&lt;/b&gt;." in text_of(ana, "/submit")
    assert "Waiting" not in text_of(signed_in("ben"), "/submit")


def test_a_curator_accepts_all_that_are_listed_with_one_press(ana, curator, read, calls):
    publish(paper(1, listed=None), paper(2, listed=None))
    sent(ana)
    sent(ana, "2611.00002")
    listed = list(Submission.objects.values_list("pk", flat=True))
    answer = curator.post("/curate", {"listed": listed, "all": "on", "day": "2026-11-21", "do": "accept"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "index" in calls()
    page = read("/papers/date/2026-11-21")
    assert "Paper number 1" in page
    assert "Paper number 2" in page
    assert page.count("submitted by <bdi>Ana</bdi>") == len(listed)
    curator.post("/curate", {"take_back": listed[0]})
    assert "submitted by <bdi>Ana</bdi>" not in text_of(ana, "/papers/2611.00001")
    assert "submitted by <bdi>Ana</bdi>" in text_of(ana, "/papers/2611.00002")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "accept"}, "Choose what to decide on."),
        ({"submission": "99", "do": "accept"}, "There is no such submission."),
        ({"submission": "²", "do": "accept"}, "There is no such submission."),
        ({"submission": "9" * 40, "do": "accept"}, "There is no such submission."),
        ({"submission": "99", "do": "accept", "day": "tomorrow"}, "Write the day as"),
        ({"submission": "99", "do": "decline"}, "Say why"),
        ({"take_back": "99"}, "There is no such decision"),
    ],
)
def test_what_a_curator_cannot_do_is_said_in_a_sentence(curator, calls, form, said):
    answer = curator.post("/curate", form)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert said in answer.content.decode()


def test_the_queue_is_for_curators_and_a_submission_for_who_made_it(ana, curator, calls):
    publish(paper(1, listed=None))
    one = sent(ana)
    assert ana.get("/curate").status_code == HTTPStatus.FORBIDDEN
    assert ana.post("/curate", {"submission": one.pk, "do": "accept"}).status_code == HTTPStatus.FORBIDDEN
    assert curator.post("/submit/withdraw", {"submission": one.pk}).status_code == HTTPStatus.NOT_FOUND
    stranger = Client(headers=OURS)
    for answer in (
        stranger.get("/curate"),
        stranger.post("/submit", {"paper": "2611.00001"}),
        stranger.post("/submit/withdraw", {"submission": one.pk}),
    ):
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert answer["Location"].startswith("/accounts/login/?next=")
    assert stranger.get("/submit").status_code == HTTPStatus.OK
    one.refresh_from_db()
    assert one.state == "waiting"


def test_what_cannot_be_submitted_is_said_beside_what_was_pasted(ana):
    answer = ana.post("/submit", {"paper": '"><script>'})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "no identifier" in page
    assert "<script>" not in page.replace("<script src", "")


def test_the_sixth_submission_of_a_day_is_told_when_to_come_again(ana, calls):
    publish(*(paper(number, listed=None) for number in range(1, 7)))
    for number in range(1, 6):
        sent(ana, f"2611.0000{number}")
    answer = ana.post("/submit", {"paper": "2611.00006"})
    assert (answer.status_code, answer["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "54000")
