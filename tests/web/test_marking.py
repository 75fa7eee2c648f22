"""Each act on a row is a plain form, and answers our script with the rows that it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html
from tests.library.shelf import NOW, reader, some
from tests.web.press import FRIDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.library import hiding, looking, marks, notes, seeing, tagging
from broadsheet.library.marks import Mark
from broadsheet.library.models import Looked, Saved

pytestmark = pytest.mark.django_db
DAY = "/papers/date/2026-11-20"
OURS = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://testserver{DAY}"}
ROW = OURS | {"X-Row": "1"}
SIGN_IN = "?next=%2Fpapers%2Fdate%2F2026-11-20%23p{pk}"


@pytest.fixture
def ada(client) -> Viewer:
    ada = reader()
    client.force_login(ada.person)
    return ada


def rows(answer) -> list[int]:
    """The papers whose rows an answer to our script has."""
    assert answer.status_code == 200
    return [
        int(key)
        for key in html.fragment_fromstring(answer.content, create_parent=True).xpath("./div/@data-paper")
    ]


@pytest.mark.parametrize(
    ("act", "fields", "mark"),
    [
        ("save", {"state": "reading"}, Mark(state="reading", is_seen=True)),
        ("hide", {"stands": "yes"}, Mark(is_hidden=True, is_seen=True)),
        ("seen", {"stands": "yes"}, Mark(is_seen=True)),
        ("vote", {"stands": "yes"}, Mark(is_seen=True)),
    ],
)
def test_an_act_leads_back_to_its_row_or_answers_with_it_and_is_undone(client, ada, act, fields, mark):
    pk, *_ = some(2)
    answer = client.post(f"/papers/2611.00001/{act}", fields, headers=OURS)
    assert (answer.status_code, answer["Location"]) == (303, f"{DAY}#p{pk}")
    assert marks.of(ada, [pk]) == {pk: mark}
    answer = client.post("/library/undo", headers=OURS)
    assert (answer.status_code, answer["Location"]) == (303, f"{DAY}#p{pk}")
    assert not marks.of(ada, [pk])
    assert rows(client.post(f"/papers/2611.00001/{act}", fields, headers=ROW)) == [pk]
    undone = client.post("/library/undo", headers=ROW)
    assert rows(undone) == [pk]
    assert b'data-undone="' in undone.content


def test_an_act_is_ended_by_the_same_form(client, ada):
    pk, *_ = some(1)
    for act, sets, ends in (("save", "to_read", ""), ("hide", "yes", "no"), ("seen", "yes", "no")):
        name = "state" if act == "save" else "stands"
        client.post(f"/papers/2611.00001/{act}", {name: sets}, headers=OURS)
        assert marks.of(ada, [pk])
        client.post(f"/papers/2611.00001/{act}", {name: ends}, headers=OURS)
        seeing.unmark(ada, [pk], now=NOW)
        assert not marks.of(ada, [pk])


def test_all_above_are_seen_by_one_form_and_undone_at_once(client, ada):
    papers = [*some(4)]
    sent = {"papers": papers, "upto": papers[2]}
    assert rows(client.post("/library/seen", sent, headers=ROW)) == papers[:3]
    assert seeing.seen_among(ada.pk, papers) == {*papers[:3]}
    assert sorted(rows(client.post("/library/undo", headers=ROW))) == papers[:3]
    client.post("/library/seen", {"papers": papers, "list": DAY}, headers=OURS)
    assert seeing.seen_among(ada.pk, papers) == {*papers}
    assert Looked.objects.count() == 1


def test_what_is_sent_wrongly_changes_nothing_and_is_no_fault_of_ours(client, ada):
    some(1)
    for address, fields, status in (
        ("/papers/2611.00001/save", {"state": "eaten"}, 400),
        ("/papers/none/save", {"state": "read"}, 404),
        ("/library/seen", {"papers": ["x", "-1", "9" * 30, "77"]}, 303),
        ("/library/seen", {"papers": "1", "list": "/no/such/list"}, 404),
        ("/library/undo", {}, 409),
    ):
        assert client.post(address, fields, headers=OURS).status_code == status, address
    assert not Saved.objects.exists()


@pytest.mark.parametrize(
    "address", ["/papers/2611.00001/save", "/papers/2611.00001/hide", "/papers/2611.00001/seen"]
)
def test_a_stranger_is_led_to_where_one_signs_in_and_back_to_the_row(client, address, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    pk, *_ = some(1)
    for headers in (OURS, ROW):
        answer = client.post(address, {"state": "read"}, headers=headers)
        assert (answer.status_code, answer["Location"].rpartition("?")[2]) == (303, SIGN_IN.format(pk=pk)[1:])


def test_no_page_of_another_says_what_is_mine(client, read):
    ada, papers = reader(), some(3)
    one, two, three = papers
    tagging.tag(ada, {one: papers[one]}, ["zanzibar"], now=NOW)
    notes.write(ada, one, papers[one], "Quixotic zanzibar.", now=NOW)
    hiding.hide(ada, two, papers[two], now=NOW)
    before = read(DAY), read("/papers/2611.00001")
    client.force_login(reader("ben").person)
    for page, said in zip((DAY, "/papers/2611.00001"), before, strict=True):
        for text in (said, read(page)):
            assert "anzibar" not in text
            assert "Paper number 2" in text or page != DAY
    assert three in papers


def test_what_a_reader_hides_is_in_no_list_and_said_to_be_missing(client, ada, read):
    papers = some(3)
    one, two, _ = papers
    hiding.hide(ada, one, papers[one], now=NOW)
    seeing.mark_seen(ada, [two], now=NOW)
    page = read(DAY)
    assert "Paper number 1" not in page
    assert "1 " in html.fromstring(page).xpath(
        "string(//*[contains(@class, 'hidden') or contains(., 'hidden')])"
    )
    assert "Paper number 2" in page
    client.post("/library/seen", {"is_left_out": "yes"}, headers=OURS)
    assert "Paper number 2" not in read(DAY)
    everything = lists.read(ListName("papers"), ada, Part(), today=NOW.date())
    assert two in everything.pks
    client.post("/library/seen", {"is_left_out": "no"}, headers=OURS)
    assert "Paper number 2" in read(DAY)


def test_a_list_says_what_came_since_its_reader_looked_and_to_nobody_else(client, ada, read):
    some(2)
    assert "Mark new papers from now on" in read(DAY)
    client.post("/library/seen", {"list": DAY}, headers=OURS)
    assert "Nothing new on this page since you looked" in read(DAY)
    publish(paper(3))
    page = html.fromstring(read(DAY))
    (line,) = page.xpath("//form[@class='looked']")
    assert "1 new on this page since you looked on" in " ".join(line.text_content().split())
    (new,) = page.xpath("//article[.//li[@class='fresh']]")
    assert "Paper number 3" in new.text_content()
    assert line.xpath("./a/@href") == [f"#{new.get('id')}"]
    assert "since you looked" not in read("/papers/week/2026-W47")
    client.logout()
    assert "looked" not in html.fromstring(read(DAY)).xpath("string(//main)")


def test_what_came_since_one_looked_is_new_on_any_list():
    ada, papers = reader(), some(2)
    assert not looking.new_among(looking.last_look(ada, "a list"), papers)
    looking.looked(ada, "a list", now=NOW)
    later = {*some(4)} - {*papers}
    assert looking.new_among(looking.last_look(ada, "a list"), [*papers, *later]) == later
    again = paper(1, listed=FRIDAY + timedelta(days=3))
    publish(again)
    assert looking.new_among(looking.last_look(ada, "a list"), [*papers]) == {next(iter(papers))}
    assert looking.last_look(ada, "another") is None
