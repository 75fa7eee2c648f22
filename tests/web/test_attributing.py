"""The page on which curators say whose a name is, and what everybody sees of it."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from tests.web.press import paper, publish
from tests.web.test_submitting import signed_in, text_of

from broadsheet.papers.models import Attribution
from broadsheet.papers.record import AuthorName, OrganizationName

pytestmark = pytest.mark.django_db
NAMES = "/authors/wei-zhang/names"


@pytest.fixture(autouse=True)
def _a_community(settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    wei, w = (AuthorName("Wei Zhang"), AuthorName("Bo Li")), (AuthorName("W. Zhang"),)
    publish(
        paper(1, authors=wei, title="Tides <b>of</b> the moon"),
        paper(2, authors=wei, organizations=(OrganizationName("mit", "MIT"),)),
        paper(3, authors=w, organizations=(OrganizationName("masstech", "Mass Tech"),)),
        paper(4, authors=(AuthorName("<script>alert(1)</script> Zhang"),)),
    )


@pytest.fixture
def cleo() -> Client:
    return signed_in("cleo", "curator")


def post(client: Client, address: str, **form: object) -> tuple[int, str]:
    answer = client.post(address, form)
    return answer.status_code, answer.headers.get("Location", "") or " ".join(answer.content.decode().split())


def test_a_curator_looks_for_a_page_sees_what_a_merge_does_and_takes_it_back(cleo, read):
    assert f'<a href="{NAMES}">Curate this name</a>' in text_of(cleo, "/authors/wei-zhang")
    found = text_of(cleo, f"{NAMES}?q=Zhang+W")
    assert f'<a href="{NAMES}?with=w-zhang#merge"><bdi>W. Zhang</bdi></a>' in found
    assert "?with=wei-zhang#" not in found
    preview = text_of(cleo, f"{NAMES}?with=w-zhang")
    assert "<code>w-zhang</code> brings 1 paper and leads on" in preview
    assert "<code>wei-zhang</code> brings 2 papers and leads on" in preview
    assert post(cleo, NAMES, do="merge", **{"with": "w-zhang"})[0] == HTTPStatus.CONFLICT
    assert post(cleo, NAMES, do="merge", keep="other", **{"with": "w-zhang"}) == (
        303,
        "/authors/w-zhang/names",
    )
    assert cleo.get(NAMES)["Location"] == "/authors/w-zhang/names"
    page = read("/authors/w-zhang")
    assert "Tides" in page
    assert "Paper number 3" in page
    assert "Also written: <bdi>Wei Zhang</bdi>" in page
    assert "Two pages of names were merged" in read("/moderation/log")
    assert "Cleo" not in read("/moderation/log")
    word = Attribution.objects.get()
    assert post(cleo, "/authors/w-zhang/names", do="take_back", word=word.pk)[0] == HTTPStatus.SEE_OTHER
    assert "A decision about names was taken back" in read("/moderation/log")
    assert "Also written" not in text_of(cleo, "/authors/w-zhang/names")


def test_papers_are_split_off_named_and_come_back_to_the_page(cleo):
    page = text_of(cleo, NAMES)
    assert 'value="2611.00001"' in page
    assert "Wei Zhang, Bo Li" in page
    assert post(cleo, NAMES, do="split", paper=["2611.00002"]) == (303, NAMES)
    second = "/authors/wei-zhang-2/names"
    assert "is on <code>wei-zhang-2</code>, not on <code>wei-zhang</code>" in text_of(cleo, second)
    assert post(cleo, second, do="show", name="Wei Zhang (MIT)")[0] == HTTPStatus.SEE_OTHER
    assert "<h1>Wei Zhang (MIT)</h1>" in text_of(Client(), "/authors/wei-zhang-2")
    assert "Also written: <bdi>Wei Zhang</bdi>" in text_of(Client(), "/authors/wei-zhang-2")
    word = Attribution.objects.get(act="move")
    assert post(cleo, second, do="take_back", word=word.pk) == (303, NAMES)
    publish()
    assert Client().get("/authors/wei-zhang-2").status_code == HTTPStatus.NOT_FOUND


def test_organizations_are_merged_and_named_alike(cleo, read):
    address = "/organizations/mit/names"
    assert post(cleo, address, do="merge", keep="this", **{"with": "masstech"}) == (303, address)
    assert "<h1>MIT</h1>" in read("/organizations/mit")
    assert "Also written: <bdi>Mass Tech</bdi>" in read("/organizations/mit")
    assert "2 papers, newest first" in read("/organizations/mit")
    assert cleo.get("/organizations/masstech")["Location"] == "/organizations/mit"
    assert post(cleo, address, do="alias", name="Massachusetts Tides") == (303, address)
    publish()
    assert "Massachusetts Tides" in read("/organizations/mit")


def test_strangers_sign_in_and_readers_are_told_that_it_takes_a_curator(cleo):
    assert Client().get(NAMES)["Location"].startswith("/accounts/login/?next=")
    ana = signed_in("ana")
    assert ana.get(NAMES).status_code == HTTPStatus.FORBIDDEN
    assert post(ana, NAMES, do="split", paper="2611.00001")[0] == HTTPStatus.FORBIDDEN
    assert "Curate this name" not in text_of(ana, "/authors/wei-zhang")
    assert not Attribution.objects.exists()
    for address in ("/authors/nobody/names", "/organizations/wei-zhang/names", f"/authors/{'x' * 300}/names"):
        assert cleo.get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "merge", "keep": "other", "with": "wei-zhang"}, "one and the same"),
        ({"do": "merge", "keep": "other", "with": "x" * 300}, "There is no such author here."),
        ({"do": "merge", "keep": "this", "with": "\u202e"}, "There is no such author here."),
        ({"do": "alias", "name": "x" * 300}, "A name has letters"),
        ({"do": "alias", "name": "Wei\u202eZhang"}, "A name has letters"),
        ({"do": "show", "name": "  "}, "A name has letters"),
        ({"do": "alias", "name": "W Zhang"}, "has a page of its own"),
        ({"do": "split"}, "Choose the papers."),
        ({"do": "split", "paper": ["2611.00003"]}, "not on the page of Wei Zhang any more"),
        ({"do": "split", "paper": ["2611.00001", "2611.00002"]}, "leave one, or merge the pages"),
        ({"do": "split", "paper": ["<b>"]}, "No paper here is known as &lt;b&gt;."),
        ({"do": "split", "paper": ["2611.00001"], "page": "nobody"}, "There is no such author here."),
        ({"do": "split", "paper": ["2611.00001"], "reason": "x" * 501}, "at most 500 characters"),
        ({"do": "take_back", "word": "1"}, "Nobody said that"),
        ({"do": "take_back", "word": "9" * 5000}, "Nobody said that"),
        ({}, "Nobody said that"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(cleo, form, said):
    status, page = post(cleo, NAMES, **form)
    assert status == HTTPStatus.CONFLICT
    assert said in page
    assert not Attribution.objects.exists()


def test_markup_in_a_name_is_shown_as_it_is_written(cleo):
    address = "/authors/script-alert-1-script-zhang/names"
    page = text_of(cleo, address)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Zhang" in page
    assert "<script>alert" not in page
    post(cleo, address, do="alias", name="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in text_of(cleo, address) + text_of(Client(), address.removesuffix("/names"))
    assert "Tides &lt;b&gt;of&lt;/b&gt; the moon" in text_of(cleo, NAMES)
