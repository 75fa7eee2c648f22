"""Reports, decisions, the log, the rules and the page of a person, as pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.community.moderated import NOW, a_comment, a_paper, somebody, viewer
from tests.web.press import SUNDAY

from broadsheet.accounts.models import Person
from broadsheet.community import moderating, voting
from broadsheet.community.models import Comment, Deed, Report, Submission

pytestmark = pytest.mark.django_db
PAPER = "/papers/2503.00001"


@pytest.fixture
def enter(client):
    def enter(handle: str, role: str = "reader") -> Person:
        person = viewer(handle, role).person
        client.force_login(person)
        return person

    return enter


@pytest.fixture
def comment():
    return a_comment(somebody("bea", name="Bea B."))


@pytest.fixture
def post(client):
    def post(address: str, **form: object):
        return client.post(address, form, headers={"Sec-Fetch-Site": "same-origin"})

    return post


def test_a_comment_is_reported_by_a_form_and_a_stranger_is_led_to_sign_in(client, post, read, enter, comment):
    address = f"{PAPER}/discussion/{comment.pk}/report"
    assert "login" in client.get(address)["Location"]
    enter("ada")
    assert "attacks a person" in read(address)
    assert post(address, reason="rude").status_code == 200
    assert Report.objects.get().reason == "rude"
    again = post(address, reason="rude")
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_what_is_reported_must_be_there_and_belong_to_the_paper(client, enter, comment):
    enter("ada")
    for address in (
        f"{PAPER}/discussion/4711/report",
        f"/papers/2503.09999/discussion/{comment.pk}/report",
        "/people/nobody/report",
        "/submissions/4711/report",
    ):
        assert client.get(address).status_code == 404


def test_moderators_decide_on_what_was_reported(client, post, read, enter, comment):
    enter("ada")
    post(f"{PAPER}/discussion/{comment.pk}/report", reason="other", note="It is <b>bad</b>.")
    post("/people/bea/report", reason="ring")
    enter("mo", "moderator")
    html = read("/moderation")
    assert "It is &lt;b&gt;bad&lt;/b&gt;." in html
    assert "I <em>doubt</em> it." in html
    assert (
        post(
            "/moderation/act", verb="hide", kind="comment", target=comment.pk, reason="Off topic."
        ).status_code
        == 303
    )
    assert Comment.objects.get().state == "hidden"
    assert (
        post(
            "/moderation/act",
            verb="suspend",
            kind="person",
            target=comment.person_id,
            reason="Again.",
            days="7",
        ).status_code
        == 303
    )
    assert Person.objects.get(handle="bea").suspended_until == SUNDAY + timedelta(days=7)
    assert "No report waits" in read("/moderation")
    post("/moderation/undo", deed=Deed.objects.get(verb="hide").pk, reason="It was on topic.")
    assert Comment.objects.get().state == "visible"


@pytest.mark.parametrize(
    "form",
    [
        {"verb": "hide", "kind": "comment", "reason": ""},
        {"verb": "suspend", "kind": "person", "reason": "So.", "days": "-1"},
        {"verb": "suspend", "kind": "person", "reason": "So.", "days": "99999999999999"},
        {"verb": "hide", "kind": "comment", "reason": "x" * 501},
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(post, enter, comment, form):
    enter("mo", "moderator")
    target = comment.pk if form["kind"] == "comment" else comment.person_id
    answer = post("/moderation/act", target=target, **form)
    assert answer.status_code == 400
    assert not Deed.objects.exists()


@pytest.mark.parametrize("target", ["", "x", "-1", "4711", "9" * 30, "٣"])
def test_what_is_not_there_is_not_found(post, enter, target):
    enter("mo", "moderator")
    for reason in ("So.", ""):
        said = {"verb": "hide", "kind": "comment", "target": target, "reason": reason}
        assert post("/moderation/act", **said).status_code == 404
        assert post("/moderation/undo", deed=target, reason=reason).status_code == 404


@pytest.mark.parametrize("role", ["", "reader", "curator"])
def test_moderation_is_not_there_for_anybody_else(client, post, enter, comment, role):
    if role:
        enter("ada", role)
    assert client.get("/moderation").status_code == 404
    assert (
        post("/moderation/act", verb="hide", kind="comment", target=comment.pk, reason="So.").status_code
        == 404
    )
    assert post("/moderation/undo", deed=1, reason="So.").status_code == 404
    assert Comment.objects.get().state == "visible"


def test_moderators_look_at_who_votes_together_by_a_form_that_says_why(client, post, read, enter, comment):
    enter("mo", "moderator")
    assert client.get("/moderation/overlaps").status_code == 405
    assert post("/moderation/overlaps", paper="2503.00001", reason="").status_code == 400
    assert post("/moderation/overlaps", paper="2503.99999", reason="So.").status_code == 404
    assert not Deed.objects.exists()
    html = post("/moderation/overlaps", paper="2503.00001", reason="Many votes at once.").content.decode()
    assert "0 voters" in html
    log = read("/moderation/log")
    assert "looked at who votes together" in log
    assert "Many votes" not in log
    enter("ada")
    assert post("/moderation/overlaps", paper="2503.00001", reason="So.").status_code == 404
    assert Deed.objects.count() == 1


def test_everybody_reads_the_log_which_names_nobody_and_not_what_was_removed(read, comment):
    mo = viewer("mo", "moderator")
    deed = moderating.act(
        mo, "hide", "comment", comment.pk, reason="Off <i>topic</i>.", note="Third time.", now=NOW
    )
    html = read("/moderation/log")
    assert "A comment was hidden" in html
    assert "Off &lt;i&gt;topic&lt;/i&gt;." in html
    for secret in ("Third time", "doubt", "Bea", "bea", ">mo<"):
        assert secret not in html
    moderating.act(mo, "redact", "deed", deed.pk, reason="It hurt somebody.", now=NOW)
    html = read("/moderation/log")
    assert "<i>topic" not in html
    assert "&lt;i&gt;topic" not in html
    assert "It hurt somebody." in html


def test_a_log_of_many_deeds_has_pages_and_costs_the_same_queries(client, read, count_queries):
    mo, paper = viewer("mo", "moderator"), a_paper()
    bea = somebody("bea")
    for number in range(60):
        moderating.act(mo, "hide", "comment", a_comment(bea, paper).pk, reason=f"Reason {number}.", now=NOW)
    assert "Reason 59." in read("/moderation/log")
    assert "Reason 0." in read("/moderation/log?page=2")
    read("/moderation/log?page=3", status=404)
    assert count_queries(client.get, "/moderation/log") <= 8


def test_the_page_of_a_person_shows_what_they_did_and_votes_only_if_they_show_them(read, comment):
    bea = comment.person
    voting.cast(viewer("bea"), comment.paper_id, comment.named, now=NOW)
    Submission.objects.create(
        person=bea,
        paper_id=comment.paper_id,
        named=comment.named,
        text="x",
        submitted_at=NOW,
        state="accepted",
    )
    html = read("/people/bea")
    assert "Bea B." in html
    assert "I <em>doubt</em> it." in html
    assert "Submitted" in html
    assert "Voted for" not in html
    Person.objects.filter(pk=bea.pk).update(votes_private=False)
    assert "Voted for" in read("/people/bea")


@pytest.mark.parametrize("gone", [{"left_at": NOW}, {"leaving_at": NOW}, {"handle": "other"}])
def test_who_left_or_is_unknown_has_no_page(read, gone):
    somebody("bea")
    Person.objects.filter(handle="bea").update(**gone)
    read("/people/bea", status=404)


def test_hidden_and_held_comments_are_not_on_the_page_of_their_author(read, comment):
    for state in ("hidden", "held", "withdrawn"):
        Comment.objects.update(state=state)
        assert "doubt" not in read("/people/bea")


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ("open", "Anybody with a mail address"),
        ("invitation", "invited"),
        ("domain:lab.example", "lab.example"),
        ("single", "one reader"),
    ],
)
def test_the_rules_are_those_in_force_and_linked_from_every_page(read, settings, access, said):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": access, "limits": "vote=7/hour"})
    assert 'href="/about/rules"' in read("/moderation/log")
    html = read("/about/rules")
    assert said in html
    assert "7 votes an hour" in html
    assert "left for you" not in html
    assert ("vouched" in html) == (access == "open")


def test_the_rules_say_what_is_left_for_their_reader(read, enter, settings):
    enter("ada")
    paper = a_paper()
    voting.cast(viewer("ada"), paper, "arxiv:2503.00001", now=SUNDAY)
    assert "59 left for you now" in read("/about/rules")
