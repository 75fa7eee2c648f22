"""Claims, what is followed, and what curators add, on the pages."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from tests.web.press import paper, publish
from tests.web.test_submitting import OURS, signed_in, text_of

from broadsheet.community.models import Claim, Deed
from broadsheet.library.models import Follow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_community(settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})


@pytest.fixture
def ana() -> Client:
    publish(paper(1), paper(8))
    return signed_in("ana")


def test_a_reader_claims_papers_of_an_author_and_a_curator_verifies_them(ana, read):
    page = text_of(ana, "/authors/author-a-of-1")
    assert '<a href="/authors/author-a-of-1/claim">This is me</a>' in page
    assert "Paper number 8" in text_of(ana, "/authors/author-a-of-1/claim")
    chosen = {"chosen": ["2611.00001", "2611.00008", "2611.99999"], "evidence": "<b>me</b>"}
    answer = ana.post("/authors/author-a-of-1/claim", chosen)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, "/claims")
    assert "<strong>Asked</strong>" in text_of(ana, "/claims")
    cleo, first = signed_in("cleo", "curator"), Claim.objects.order_by("pk").first()
    queue = text_of(cleo, "/curate")
    assert "&lt;b&gt;me&lt;/b&gt;" in queue
    assert "Ana claims to be" in queue
    cleo.post("/curate/claims", {"claim": first.pk, "do": "verify"})
    assert 'Author A of 1 is Ana <span class="badge">claimed</span>' in text_of(
        Client(), "/papers/2611.00001"
    )
    assert 'Ana <span class="badge">claimed</span>' in read("/authors/author-a-of-1")
    assert "Dispute" not in text_of(ana, "/papers/2611.00001")
    ben = signed_in("ben")
    assert "Dispute" in text_of(ben, "/papers/2611.00001")
    ben.post("/claims/dispute", {"claim": first.pk, "reason": "No."})
    assert '<span class="badge">disputed</span>' in text_of(ana, "/papers/2611.00001")
    assert ben.post("/claims/withdraw", {"claim": first.pk}).status_code == HTTPStatus.NOT_FOUND
    ana.post("/claims/withdraw", {"claim": first.pk})
    assert "<strong>Withdrawn</strong>" in text_of(ana, "/claims")
    assert "author-a-of-1" not in text_of(ben, "/claims")


def test_who_is_verified_as_an_author_adds_code_and_pictures_on_the_page_and_nobody_else(ana):
    ana.post("/papers/2611.00001/claim", {"chosen": "author-a-of-1"})
    offered, code = "Add code, pictures or an organization", "https://example.org/code"
    assert offered not in text_of(ana, "/papers/2611.00001")
    signed_in("cleo", "curator").post("/curate/claims", {"claim": Claim.objects.get().pk, "do": "verify"})
    assert offered in text_of(ana, "/papers/2611.00001")
    assert offered not in text_of(ana, "/papers/2611.00008")
    assert offered not in text_of(signed_in("ben"), "/papers/2611.00001")
    ana.post("/papers/2611.00001/curate", {"do": "link", "kind": "code", "url": code})
    page = text_of(ana, "/papers/2611.00001")
    assert page.count(code) > 1
    assert "Take back" in page
    answer = ana.post("/papers/2611.00008/curate", {"do": "link", "kind": "code", "url": code})
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_a_reader_claims_a_name_of_a_paper_and_an_organization(ana):
    assert ana.post("/papers/2611.00001/claim", {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    ana.post("/papers/2611.00001/claim", {"chosen": "author-b-of-1"})
    ana.post("/organizations/mira/claim", {"evidence": "ask them"})
    said = Claim.objects.order_by("pk").values_list("kind", "slug", "named", "evidence")
    assert list(said) == [
        ("author", "author-b-of-1", "arxiv:2611.00001", ""),
        ("organization", "mira", "", "ask them"),
    ]
    for address in ("/papers/2611.99999/claim", "/authors/nobody/claim", "/organizations/nobody/claim"):
        assert ana.get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("address", ["/authors/author-a-of-1", "/organizations/mira", "/categories/cs.LG"])
def test_following_is_set_and_ended_and_never_toggled(ana, address):
    kind, name = address[1:].split("/")
    kind = {"authors": "author", "organizations": "organization", "categories": "category"}[kind]
    assert "Follow <" in text_of(ana, address).replace("<span", " <span")
    for stands, count, button in (("yes", 1, "Following"), ("yes", 1, "Following"), ("no", 0, "Follow")):
        form = {"kind": kind, "name": name, "stands": stands}
        answer = ana.post("/follow", form, headers={"Referer": f"http://testserver{address}"})
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, address)
        assert Follow.objects.count() == count
        assert f"{button}<span" in text_of(ana, address)
        assert "Following<span" not in text_of(Client(), address)


def test_what_is_followed_stands_in_the_settings(ana):
    ana.post("/follow", {"kind": "organization", "name": "mira"})
    assert "Unfollow" in text_of(ana, "/settings")
    assert "Mira &amp; Sons" in text_of(ana, "/settings")
    assert ana.post("/follow", {"kind": "author", "name": "nobody"}).status_code == HTTPStatus.NOT_FOUND


def test_a_curator_adds_a_film_and_an_organization_to_a_paper_and_takes_them_back(ana, read, calls):
    cleo, form = signed_in("cleo", "curator"), {"do": "link", "kind": "media"}
    assert "For curators" in text_of(cleo, "/papers/2611.00001")
    assert "For curators" not in text_of(ana, "/papers/2611.00001")
    cleo.post("/papers/2611.00001/curate", form | {"url": "https://film.example/tide"})
    cleo.post("/papers/2611.00001/curate", {"do": "organization", "organization": "Lighthouse Trust"})
    page = read("/papers/2611.00001")
    assert '<a href="https://film.example/tide"' in page
    assert "Lighthouse Trust" in read("/organizations/lighthouse-trust")
    assert "readers of Broadsheet" in page
    assert list(Deed.objects.order_by("pk").values_list("verb", flat=True)) == ["link", "affiliate"]
    for key in ("arxiv:2611.00001+nothing", Deed.objects.earliest("pk").before["key"]):
        cleo.post("/papers/2611.00001/curate", {"take_back": key})
    page = read("/papers/2611.00001")
    assert "film.example" not in page
    assert "https://code.example/1" in page


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "media", "url": "javascript:alert(1)"},
        {"kind": "code", "url": "https://github.com@evil.example/a"},
        {"kind": "code", "url": "https://ada:secret@lab.example/"},
        {"kind": "code", "url": "https://lab.example/\u202egpj.exe"},
        {"kind": "media", "url": "https://"},
        {"kind": "media", "url": "https://film.example/" + "x" * 2000},
        {"kind": "virus", "url": "https://film.example/"},
        {"do": "organization", "organization": " "},
        {"do": "organization", "organization": "\u202egnilttaB"},
        {"take_back": "nothing"},
    ],
)
def test_what_no_paper_can_have_is_refused_in_a_sentence(ana, calls, form):
    answer = signed_in("cleo", "curator").post("/papers/2611.00001/curate", form)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert not Deed.objects.exists()


def test_a_stranger_is_led_to_sign_in_and_a_reader_may_not_curate(ana, calls):
    stranger = Client(headers=OURS)
    for address in (
        "/follow",
        "/papers/2611.00001/claim",
        "/claims/withdraw",
        "/claims/dispute",
        "/curate/claims",
    ):
        answer = stranger.post(
            address,
            {"kind": "category", "name": "cs.LG", "claim": "1", "reason": "x", "chosen": "author-a-of-1"},
        )
        assert answer.status_code == HTTPStatus.SEE_OTHER, address
        assert answer["Location"].startswith("/accounts/login/")
    for address in ("/papers/2611.00001/curate", "/curate/claims"):
        answer = ana.post(
            address, {"do": "link", "kind": "media", "url": "https://film.example/", "claim": "1"}
        )
        assert answer.status_code == HTTPStatus.FORBIDDEN, address
