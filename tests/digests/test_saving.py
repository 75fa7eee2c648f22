"""A mail says that its papers were seen, and each of them can be saved from it by a page that asks."""

from __future__ import annotations

import re

import pytest
from lxml import html
from tests.digests.post import Office
from tests.digests.readers import SEVEN, come_in, papers, reader, topic
from tests.digests.test_sending import send, text_of
from tests.people import person

from broadsheet.accounts.access import Viewer
from broadsheet.digests import links
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Recipient
from broadsheet.library import marks, seeing
from broadsheet.library.marks import Mark
from broadsheet.library.models import Saved, Seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
ADA = "ada@lab.example"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ada(office: Office) -> Viewer:
    """A reader with an account, who follows a topic of which a mail tells two papers."""
    cats = topic("cats", size=2)
    channel = reader(ADA, cats)
    ada = person("ada")
    Recipient.objects.filter(pk=channel.recipient_id).update(person=ada)
    come_in(cats, papers("one", "two", "three", "four"))
    assert send(SEVEN) == 1
    return Viewer(ada)


def saves(office: Office) -> list[str]:
    """The links of the last mail that save its papers."""
    text = text_of(office.mails(ADA)[-1])
    return re.findall(r"https://papers\.example\.org(/save/\S+)", text)


def test_what_a_mail_told_its_reader_has_seen(ada: Viewer) -> None:
    keys = papers("one", "two", "three", "four")
    assert seeing.seen_among(ada.pk, keys) == {*keys[2:]}


def test_what_is_told_to_who_has_no_account_is_seen_by_nobody() -> None:
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    assert send(SEVEN) == 1
    assert not Seen.objects.exists()


def test_a_paper_is_saved_from_a_mail_by_a_button_and_not_by_opening_the_link(ada, office, client) -> None:
    first, _ = saves(office)
    page = client.get(first)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "strict-origin")
    assert not Saved.objects.exists()
    assert "Save it" in html.fromstring(page.content).xpath("string(//main//button)")
    assert "Saved" in client.post(first, headers=OURS).content.decode()
    (four,) = papers("four")
    assert marks.of(ada, [four]) == {four: Mark(state="to_read", is_seen=True)}
    assert Saved.objects.get().via == "mail"
    client.post(first, headers=OURS)
    assert Saved.objects.count() == 1


def test_a_link_that_is_none_or_good_no_more_saves_nothing(ada, office, client) -> None:
    first, second = saves(office)
    recipient = Recipient.objects.get()
    manage = links.token(Purpose.MANAGE, recipient)
    links.made_new(recipient)
    for address in (first, second, f"/save/{manage}/{first.rpartition('/')[2]}", "/save/x/2611.00001"):
        assert client.post(address, headers=OURS).status_code == 404
        assert client.get(address).status_code == 404
    assert not Saved.objects.exists()


def test_who_has_no_account_is_told_so_and_nothing_is_saved(office, client) -> None:
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    assert send(SEVEN) == 1
    (link,) = saves(office)
    for page in (client.get(link), client.post(link, headers=OURS)):
        assert "Sign in" in html.fromstring(page.content).xpath("string(//main)")
    assert not Saved.objects.exists()
