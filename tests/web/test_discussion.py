"""The discussion of a paper, as readers meet it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from tests.web.press import SUNDAY, Links, paper, publish

from broadsheet.accounts import leaving
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import commenting, deeds
from broadsheet.community.models import Comment, CommentEdit, Notice
from broadsheet.papers.models import Paper

pytestmark = pytest.mark.django_db
PAPER, HERE = "/papers/2611.00001", "/papers/2611.00001/discussion"
# What a browser says of a form on a page of the site.
FORM = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def _a_paper(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})
    publish(paper(1))


def enter(handle: str, **more) -> Client:
    """A browser in which that person is signed in."""
    browser = Client(headers=FORM)
    person, _ = Person.objects.get_or_create(handle=handle, defaults={"vouched_at": SUNDAY} | more)
    browser.force_login(person, backend="broadsheet.accounts.sessions.SignIn")
    return browser


def by(handle: str) -> Viewer:
    return Viewer(person=Person.objects.get(handle=handle))


def say(browser: Client, text: str, **more) -> int:
    """Send the form, and give the key of the comment that it leads to."""
    answer = browser.post(HERE, {"text": text, **more})
    assert answer.status_code == 303, answer.content.decode()
    return int(answer.headers["Location"].partition("#c")[2])


def shown(browser: Client, address: str = HERE) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_comment_is_on_its_page_on_that_of_the_paper_and_counted_in_lists(client):
    ada = enter("ada", name="Ada Berg")
    assert "No comments yet" in shown(client, HERE)
    say(ada, "A *fine* bound, $x^2$.")
    for address in (HERE, PAPER):
        html = shown(client, address)
        assert "<em>fine</em>" in html
        assert "Ada Berg" in html
        assert "@ada" in html
    assert ">1 comment here<" in shown(client, "/papers/date/2026-11-20")
    assert HERE in Links(shown(client, "/papers/date/2026-11-20")).targets


def test_a_stranger_is_shown_the_way_in_and_loses_nothing_they_wrote(client):
    html = shown(client, HERE)
    assert "<textarea" not in html
    assert f"/accounts/login/?next={HERE}" in unquote(html)
    answer = client.post(HERE, {"text": "What I have to say."}, headers=FORM)
    assert answer.status_code == 403
    assert "What I have to say." in answer.content.decode()
    assert client.post(f"{HERE}/1/helpful", {"stands": "yes"}, headers=FORM).status_code == 404
    assert not Comment.objects.exists()


def test_what_is_refused_stands_in_the_form_again_with_the_reason(settings):
    ada = enter("ada")
    answer = ada.post(HERE, {"text": "x" * 65_537})
    assert answer.status_code == 422
    assert "at most 65,536 characters" in answer.content.decode()
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "comment=1/minute"})
    say(ada, "One.")
    answer = ada.post(HERE, {"text": "Two."})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert ">\nTwo.</textarea>" in answer.content.decode()


@pytest.mark.parametrize("answers", ["x", "-1", "9" * 30, "1e3", "²"])
def test_nobody_answers_what_is_not_there(answers):
    assert enter("ada").post(HERE, {"text": "Hm.", "answers": answers}).status_code == 404
    assert not Comment.objects.exists()


def test_threads_are_two_deep_and_say_whom_they_answer(client):
    ada, ben = enter("ada"), enter("ben")
    first = say(ada, "First.")
    second = say(ben, "Second.", answers=first)
    third = say(ada, "Third.", answers=second)
    html = shown(client)
    assert re.findall(r'id="c(\d+)"', html) == [str(first), str(second), str(third)]
    assert html.count('class="answers"') == 1
    assert f'in answer to <a href="#c{second}">ben</a>' in html


def test_one_edits_withdraws_and_reads_the_history_by_forms(client):
    ada = enter("ada")
    key = say(ada, "A first <b>thought</b>.")
    assert "A first &lt;b&gt;thought" in shown(ada, f"{HERE}?edit={key}")
    assert ada.post(f"{HERE}/{key}/edit", {"text": "A thought."}).status_code == 303
    history = shown(client, f"{HERE}/{key}/history")
    assert "A first &lt;b&gt;thought" in history
    assert "A thought." in history
    say(enter("ben"), "Quite.", answers=key)
    refused = ada.post(f"{HERE}/{key}/edit", {"text": "Something else."})
    assert refused.status_code == 422
    assert "Add a note" in refused.content.decode()
    assert "Add a note" in shown(ada)
    assert ada.post(f"{HERE}/{key}/note", {"text": "A note."}).status_code == 303
    assert "Withdrawn, nobody reads it" in shown(ada, f"{HERE}?withdraw={key}")
    assert ada.post(f"{HERE}/{key}/withdraw").status_code == 303
    for browser in (client, ada):
        html = shown(browser)
        assert "Withdrawn by its author." in html
        assert "A thought." not in html
        assert "Quite." in html
    assert client.get(f"{HERE}/{key}/history").status_code == 404


def test_what_is_withdrawn_without_answers_leaves_no_place(client):
    ada = enter("ada")
    key = say(ada, "Never mind.")
    ada.post(f"{HERE}/{key}/withdraw")
    assert f'id="c{key}"' not in shown(client)


def test_what_is_hidden_is_gone_from_kept_pages_at_once_and_says_why(client):
    ada, mod = enter("ada"), enter("mod", role="moderator")
    key = say(ada, "Something rude.")
    for address in (HERE, PAPER):
        assert "Something rude." in shown(client, address)
    deeds.log(None, "hide", "comment", key, reason="Rude to others.", now=SUNDAY)
    commenting.hide(key)
    for address in (HERE, PAPER):
        assert "Something rude." not in shown(client, address)
    assert "Hidden by moderators: Rude to others." in shown(client)
    assert "Something rude." not in shown(enter("ben"))
    for browser in (ada, mod):
        html = shown(browser)
        assert "Something rude." in html
        assert "Rude to others." in html
    commenting.restore(key)
    assert "Something rude." in shown(client)


def test_a_reason_that_moderators_hid_is_read_nowhere():
    ada, ben = enter("ada"), enter("ben")
    key = say(ada, "Something rude.")
    hid = deeds.log(None, "hide", "comment", key, reason="He lives in Tide Street.", now=SUNDAY)
    commenting.hide(key)
    redacted = deeds.log(None, deeds.REDACT, deeds.DEED, hid.pk, reason="Private.", now=SUNDAY)
    for read in (shown(ben), shown(ben, "/api/v1/papers/2611.00001/comments")):
        assert "Hidden by moderators." in read
        assert "Tide Street" not in read
    deeds.log(None, "reveal", deeds.DEED, hid.pk, reason="It was not.", undoes=redacted, now=SUNDAY)
    assert "Hidden by moderators: He lives in Tide Street." in shown(ben)


def test_kept_pages_hold_nothing_of_who_reads_them(client):
    ada = enter("ada")
    key = say(ada, "Mine.")
    before = shown(client)
    mine = ada.get(HERE)
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert f"{HERE}?edit={key}" in mine.content.decode()
    assert shown(client) == before
    assert "edit=" not in before


def test_helpful_is_a_button_that_is_pressed_and_taken_back(client):
    key = say(enter("ada"), "Helpful, I hope.")
    ben = enter("ben")
    assert ben.post(f"{HERE}/{key}/helpful", {"stands": "yes"}).status_code == 303
    assert 'class="given"' in shown(ben)
    assert ben.post(f"{HERE}/{key}/helpful", {"stands": "no"}).status_code == 303
    assert 'class="given"' not in shown(ben)
    stranger = client.post(f"{HERE}/{key}/helpful", {"stands": "yes"}, headers=FORM)
    assert (stranger.status_code, stranger.headers["Location"].split("?")[0]) == (303, "/accounts/login/")


@pytest.mark.parametrize("does", ["edit", "note", "withdraw", "confirm"])
def test_another_persons_comment_is_refused_and_stays_as_it_is(does):
    key = say(enter("ada"), "Mine.")
    held = commenting.write(
        Viewer(person=by("ada").person, via="mcp"),
        Paper.objects.get().pk,
        "arxiv:2611.00001",
        "Held.",
        now=SUNDAY,
    )
    before = list(Comment.objects.order_by("pk").values())
    for browser in (enter("eve"), Client(headers=FORM)):
        for comment in (key, held.pk, held.pk + 1, 9**20):
            answer = browser.post(f"{HERE}/{comment}/{does}", {"text": "Nonsense."})
            assert answer.status_code in ({404} if comment != key else {403, 404, 303})
        assert "Nonsense" not in shown(browser)
        assert "Held." not in shown(browser, f"{HERE}?edit={held.pk}")
        assert browser.get(f"{HERE}/{held.pk}").status_code == 404
        assert browser.get(f"{HERE}/{held.pk}/history").status_code == 404
    assert list(Comment.objects.order_by("pk").values()) == before
    assert not CommentEdit.objects.exists()


def test_a_comment_is_not_found_on_another_paper():
    publish(paper(1), paper(2))
    ada = enter("ada")
    key = say(ada, "On the first.")
    there = "/papers/2611.00002/discussion"
    assert ada.get(f"{there}/{key}").status_code == 404
    assert ada.post(f"{there}/{key}/withdraw").status_code == 404
    assert ada.post(there, {"text": "Hm.", "answers": key}).status_code == 404
    assert Comment.objects.get().state == "visible"


def test_another_name_of_the_paper_leads_to_its_discussion(client):
    answer = client.get("/papers/arxiv:2611.00001v1/discussion")
    assert (answer.status_code, answer.headers["Location"]) == (301, HERE)
    assert client.get("/papers/2611.99999/discussion").status_code == 404


def test_a_permalink_leads_to_the_comment(client):
    key = say(enter("ada"), "Here.")
    answer = client.get(f"{HERE}/{key}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}#c{key}")


def test_a_long_discussion_has_pages(client, count_queries):
    ada = enter("ada")
    pk = Paper.objects.get().pk
    for number in range(40):
        first = commenting.write(by("ada"), pk, "arxiv:2611.00001", f"Thread {number}.", now=SUNDAY)
        for answer in range(6):
            commenting.write(
                by("ada"), pk, "arxiv:2611.00001", f"{number}.{answer}", now=SUNDAY, answers=first.pk
            )
    html, rest = shown(client), shown(client, f"{HERE}?page=2")
    assert "280 comments" in html
    assert html.count('class="comment"') == 200
    assert f'href="{HERE}?page=2"' in html
    # The thread that the page before breaks off begins again with its first comment.
    assert rest.count('class="comment"') == 81
    assert len({*re.findall(r'id="c(\d+)"', html), *re.findall(r'id="c(\d+)"', rest)}) == 280
    assert client.get(f"{HERE}?page=3").status_code == 404
    last = re.findall(r'id="c(\d+)"', rest)[-1]
    assert ada.get(f"{HERE}/{last}").headers["Location"] == f"{HERE}?page=2#c{last}"
    assert "Your answer" in shown(ada, f"{HERE}?answer={last}")
    assert count_queries(ada.get, HERE) <= 12


def test_notices_are_shown_read_and_muted(client):
    ada, ben = enter("ada"), enter("ben", name="Ben Ito")
    root = say(ada, "First.")
    say(ben, "Quite.", answers=root)
    assert '1<span class="unseen"> unread' in shown(ada, "/")
    html = shown(ada, "/notices")
    assert "Ben Ito answered you" in html
    assert "Paper number 1" in html
    until = re.search(r'name="until" value="(\d+)"', html)
    assert ada.post("/notices/read", {"until": until[1]}).status_code == 303
    assert '<span class="unseen"> unread' not in shown(ada, "/")
    assert ada.post("/notices/mute", {"thread": root}).status_code == 303
    say(ben, "And again.", answers=root)
    assert Notice.objects.count() == 1
    assert "Hear of it again" in shown(ada, "/notices")
    ada.post("/notices/mute", {"thread": root, "stands": "no"})
    assert "Hear of it again" not in shown(ada, "/notices")
    assert client.get("/notices").headers["Location"] == "/accounts/login/?next=/notices"


def test_notices_are_read_as_a_feed_by_who_knows_its_address(client, settings):
    ada = enter("ada")
    say(enter("ben", name="Ben <Ito>"), "Quite.", answers=say(ada, "First."))
    html = ada.post("/notices/feed").content.decode()
    address = re.search(r"<code>http://testserver(/feeds/[\w-]+\.atom)</code>", html)[1]
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"reading": "members"})
    feed = client.get(address)
    assert feed.status_code == 200
    assert "Ben &lt;Ito&gt; answered you" in feed.content.decode()
    assert "no-store" in feed.headers["Cache-Control"]
    assert address not in shown(ada, "/notices")
    ada.post("/notices/feed", {"stands": "no"})
    assert client.get(address).status_code == 404
    assert Notice.objects.get().read_at is None


def test_a_discussion_has_no_pages_but_its_own_whatever_its_address_says(client):
    assert client.get(HERE + "?all").content == client.get(HERE + "?x=1&page=1").content
    for said in ("0", "2", "-1", "all", "9" * 5000):
        assert client.get(f"{HERE}?page={said}").status_code == 404


def test_what_is_new_is_named_beside_what_is_helpful():
    from broadsheet.community.threads import helpfulness

    assert helpfulness(0, 0) == helpfulness(0, 9) == 0
    assert helpfulness(1, 0) < helpfulness(5, 0) < helpfulness(50, 0) < 1
    assert helpfulness(5, 5) < helpfulness(5, 0)
    # One of one says less than eight of nine.
    assert helpfulness(1, 0) < helpfulness(8, 1)


def test_the_most_helpful_come_first_and_every_third_place_is_for_what_is_new(client):
    ada = enter("ada")
    keys = [say(ada, f"Comment {number}.") for number in range(8)]
    Comment.objects.filter(pk__in=keys[:6]).update(written_at=SUNDAY - timedelta(days=1))
    Comment.objects.filter(pk=keys[3]).update(helpful=5)
    Comment.objects.filter(pk=keys[4]).update(helpful=9)
    order = [keys.index(int(key)) for key in re.findall(r'id="c(\d+)"', shown(client))]
    assert order == [4, 3, 7, 0, 1, 6, 2, 5]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "1_0", "\u0663", "x"])
def test_a_form_that_names_no_key_is_no_fault_of_ours(number):
    ada = enter("ada")
    said = say(ada, "A fine bound.")
    forms = {"/notices/read": "until", "/notices/mute": "thread", "/submit/withdraw": "submission"}
    for address, name in forms.items():
        assert ada.post(address, {name: number}).status_code in {303, 404}, address
    assert ada.post(HERE, {"text": "Well", "answers": number}).status_code == 404
    assert ada.get(HERE, {"edit": number}).status_code == 200
    assert [comment.pk for comment in Comment.objects.all()] == [said]


def test_who_is_about_to_leave_is_named_nowhere(settings):
    ada, ben = enter("ada", name="Ada Berg"), enter("ben")
    say(ada, "A fine bound.")
    pages = [HERE, PAPER, "/api/v1/papers/2611.00001/comments", "/api/papers/2611.00001?field=comments"]
    assert all("Ada Berg" in shown(ben, address) for address in pages)
    enter("mod", role="operator")
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open"})
    leaving.ask(by("ada"), "ada", leaving.Choice(), now=SUNDAY)
    for address in pages:
        assert "A fine bound." in shown(ben, address)
        assert not re.search("Ada Berg|people/ada", shown(ben, address)), address
    assert ben.get("/people/ada").status_code == ben.get("/api/users/ada/overview").status_code == 404
