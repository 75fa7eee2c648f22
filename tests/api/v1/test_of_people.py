"""What people do together, by programs of theirs: claims, curation, reports, moderation, and what is their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from tests.people import bearer, person, said
from tests.web.press import paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Kind, Person
from broadsheet.community.models import Comment, Deed, Notice, Report
from broadsheet.http.models import Answered
from broadsheet.http.shelf import shelf

pytestmark = pytest.mark.django_db
ADA = {"paper": "2611.00001", "author": "author-a-of-1"}


@pytest.fixture
def send(edition, client):
    """Send JSON: `send("PUT", "claims/1/decision", cleo, verdict="verified")`."""

    def ask(method: str, address: str, who: Person | None = None, status: int = 200, /, **body: Any) -> Any:
        answer = client.generic(
            method,
            f"/api/v1/{address}",
            b"" if method == "GET" else orjson.dumps(body),
            content_type="application/json",
            headers=bearer(who) if who else {},
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return ask


@pytest.fixture
def cleo(db) -> Person:
    return person("cleo", role="moderator")


def test_a_claim_is_asked_verified_disputed_refused_and_asked_again(send, cleo):
    ada, eve = person("ada"), person("eve")
    made = send("POST", "claims", ada, 201, **ADA, evidence="See my page.")
    assert (made["kind"], made["paper"], made["slug"]) == ("author", "2611.00001", "author-a-of-1")
    assert (made["state"], made["evidence"]) == ("asked", "See my page.")
    assert send("POST", "claims", ada, 201, **ADA)["id"] == made["id"]
    [waits] = send("GET", "curation/claims", cleo)["waiting"]
    assert (waits["handle"], waits["claim"], waits["orcids"]) == ("ada", made, [])
    at = f"claims/{made['id']}"
    # A claim that waits is nobody's business but curators'.
    send("POST", f"{at}/dispute", eve, 404, reason="That is me.")
    send("DELETE", at, eve, 404)
    assert send("PUT", f"{at}/decision", cleo, verdict="verified")["proof"] == "curator"
    assert "decided already" in send("PUT", f"{at}/decision", cleo, 409, verdict="verified")["detail"]
    assert send("GET", "people/ada")["papers"] == ["2611.00001"]
    assert send("POST", f"{at}/dispute", eve, reason="That is me.")["state"] == "disputed"
    send("PUT", f"{at}/decision", cleo, 400, verdict="refused")
    refused = send("PUT", f"{at}/decision", cleo, verdict="refused", reason="Another Ada.")
    assert (refused["state"], refused["reason"]) == ("refused", "Another Ada.")
    assert send("DELETE", f"{at}/decision", cleo)["state"] == "asked"
    send("DELETE", at, ada, 204)
    assert [one["state"] for one in send("GET", "claims", ada)["claims"]] == ["withdrawn"]
    assert send("GET", "claims", eve)["claims"] == []


def test_what_is_no_claim_is_refused(send):
    ada = person("ada")
    for wrong in ({}, {"paper": "2611.00001"}, {**ADA, "organization": "mira"}):
        assert send("POST", "claims", ada, 400, **wrong)["errors"]
    send("POST", "claims", ada, 404, paper="2611.99999", author="a")
    assert "no such author" in send("POST", "claims", ada, 409, paper="2611.00001", author="b")["detail"]
    assert send("POST", "claims", ada, 201, organization="mira")["kind"] == "organization"


def test_a_submission_is_accepted_taken_back_scheduled_and_declined(send, cleo, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    mira = person("mira")
    made = send("POST", "submissions", mira, 201, paper="2611.00007")
    [waits] = send("GET", "curation/submissions", cleo)["waiting"]
    assert (waits["handle"], waits["submission"]) == ("mira", made)
    at = f"submissions/{made['id']}/decision"
    accepted = send("PUT", at, cleo, verdict="accepted")["submission"]
    assert (accepted["state"], accepted["day"]) == ("accepted", "2026-11-22")
    listed = send("GET", "editions/day/2026-11-22")["papers"]
    assert [(one["paper"]["id"], one["submitter"]) for one in listed] == [("2611.00007", "mira")]
    assert send("DELETE", at, cleo)["submission"]["state"] == "waiting"
    shelf.clear()
    assert send("GET", "editions/day/2026-11-22")["papers"] == []
    later = send("PUT", at, cleo, verdict="accepted", day="2026-11-24")["submission"]
    assert (later["state"], later["day"]) == ("scheduled", "2026-11-24")
    send("PUT", at, cleo, 400, verdict="declined")
    assert send("PUT", at, cleo, verdict="declined", reason="No.")["submission"]["reason"] == "No."
    assert send("PUT", at, cleo, 409, verdict="accepted")["detail"].startswith("That was decided already")
    for wrong in ({"verdict": "perhaps"}, {"verdict": "accepted", "day": "soon"}):
        send("PUT", at, cleo, 400, **wrong)
    assert "more than a year" in send("PUT", at, cleo, 409, verdict="accepted", day="2036-01-01")["detail"]
    send("PUT", "submissions/999/decision", cleo, 404, verdict="accepted")
    assert [one["reason"] for one in send("GET", "submissions", mira)["submissions"]] == ["No."]


def test_the_queues_of_curators_go_on_behind_a_cursor(send, cleo, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    mira = person("mira")
    publish(*(replace(paper(number), listings=()) for number in (17, 18)))
    numbers = ("2611.00007", "2611.00017", "2611.00018")
    papers = [send("POST", "submissions", mira, 201, paper=one)["paper"] for one in numbers]
    first = send("GET", "curation/submissions?limit=2", cleo)
    rest = send("GET", f"curation/submissions?limit=2&cursor={first['next']}", cleo)
    waiting = [one["submission"]["paper"] for one in first["waiting"] + rest["waiting"]]
    assert (waiting, rest["next"]) == (papers, None)
    for one in range(1, 4):
        send("POST", "claims", person(f"ada-{one}"), 201, **ADA)
    first = send("GET", "curation/claims?limit=2", cleo)
    rest = send("GET", f"curation/claims?limit=2&cursor={first['next']}", cleo)
    assert [one["handle"] for one in first["waiting"] + rest["waiting"]] == ["ada-1", "ada-2", "ada-3"]
    assert rest["next"] is None


def test_curators_invite_and_take_back_what_nobody_used(send, client, cleo, settings):
    send("POST", "invitations", person("tom"), 403)
    assert "one reader" in send("POST", "invitations", cleo, 400)["detail"]
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    assert "no mail address" in send("POST", "invitations", cleo, 400, email="nobody")["detail"]
    made = send("POST", "invitations", cleo, 201, email="Mira@lab.example")
    link = made.pop("link")
    assert send("GET", "invitations", cleo) == {"invitations": [made], "next": None}
    assert (made["email"], made["who"]) == ("mira@lab.example", None)
    at = link.partition("//")[2].partition("/")[2]
    assert client.get(f"/{at}").headers["Location"] == "/accounts/signup/"
    send("DELETE", f"invitations/{made['id']}", person("mo", role="curator"), 404)
    send("DELETE", f"invitations/{made['id']}", cleo, 204)
    send("DELETE", f"invitations/{made['id']}", cleo, 404)
    assert client.get(f"/{at}").status_code == 404


def test_a_link_that_is_shown_once_is_stored_nowhere_where_it_can_be_read(send, client, cleo, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    headers = bearer(cleo) | {"Idempotency-Key": "one-key"}
    answers = [
        client.post("/api/v1/invitations", {}, content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    code = answers[0].json()["link"].rpartition("/")[2].encode()
    assert code not in bytes(Answered.objects.get().content)
    settings.SECRET_KEY = "another-secret-key-of-this-site-" * 2
    lost = client.post("/api/v1/invitations", {}, content_type="application/json", headers=headers)
    assert (lost.status_code, "was done" in lost.json()["detail"]) == (409, True)
    assert client.get("/api/v1/invitations", headers=headers).json()["invitations"][1:] == []


def test_links_pictures_and_organizations_are_added_and_taken_back(send, cleo):
    at = "papers/2611.00001/words"
    send("POST", at, cleo, 201, kind="media", url="https://example.org/a.png")
    words = send("POST", at, cleo, 201, organization="North Lab")["words"]
    assert send("GET", at) == {"id": "2611.00001", "words": words}
    assert len(words) == 2
    paper = send("GET", "papers/2611.00001")
    assert {"kind": "media", "url": "https://example.org/a.png"} in paper["links"]
    for word in words:
        send("DELETE", f"{at}/{word['key']}", cleo, 204)
        send("DELETE", f"{at}/{word['key']}", cleo, 404)
    assert send("GET", at)["words"] == []
    for wrong in (
        {},
        {"kind": "code"},
        {"kind": "colour", "url": "https://a.example"},
        {"url": "javascript:1", "kind": "code"},
    ):
        send("POST", at, cleo, 400, **wrong)
    assert "verified as an author" in send("POST", at, person("mira"), 403, organization="A")["detail"]


def test_what_is_reported_is_decided_on_undone_and_stands_in_the_log(send, cleo):
    tom, mira = person("tom"), person("mira")
    comment = said("An insult.", by=tom, paper="2611.00001")
    report = send("POST", f"comments/{comment.pk}/reports", mira, 201, reason="rude")
    assert (report["state"], report["target"]) == ("open", comment.pk)
    assert "already" in send("POST", f"comments/{comment.pk}/reports", mira, 409, reason="rude")["detail"]
    send("POST", f"comments/{comment.pk}/reports", tom, 400, reason="rude")
    send("POST", "people/tom/reports", mira, 400, reason="other")
    assert send("POST", "people/tom/reports", mira, 201, reason="ring")["target"] is None
    send("POST", "people/nobody/reports", mira, 404, reason="ring")
    desk = send("GET", "moderation", cleo)
    assert [(one["kind"], one["target"], one["person"]["handle"]) for one in desk["cases"]] == [
        ("comment", comment.pk, "tom"),
        ("person", tom.pk, "tom"),
    ]
    assert desk["cases"][0]["complaints"][0]["who"] == "mira"
    act = {"verb": "hide", "kind": "comment", "target": comment.pk, "reason": "It is rude.", "note": "Again."}
    deed = send("POST", "moderation/deeds", cleo, 201, **act)
    assert (deed["verb"], deed["paper"], deed["reason"]) == ("hide", "2611.00001", "It is rude.")
    assert "already" in send("POST", "moderation/deeds", cleo, 409, **act)["detail"]
    assert {one["state"] for one in send("GET", "reports", mira)["reports"]} == {"upheld", "open"}
    assert send("GET", f"comments/{comment.pk}", tom)["source"] == "An insult."
    send("GET", f"comments/{comment.pk}", mira, 404)
    send("POST", f"moderation/deeds/{deed['key']}/undo", cleo, 201, reason="It is not.")
    assert send("GET", f"comments/{comment.pk}")["source"] == "An insult."
    suspend = {"verb": "suspend", "kind": "person", "target": tom.pk, "reason": "A ring.", "days": 2}
    send("POST", "moderation/deeds", cleo, 201, **suspend)
    assert [one["handle"] for one in send("GET", "moderation", cleo)["suspended"]] == ["tom"]
    log = send("GET", "moderation/log")["deeds"]
    assert [one["verb"] for one in log] == ["suspend", "restore", "hide"]
    assert not [name for name in ("Again.", "cleo", "tom") if name in str(log)]
    assert send("POST", "papers/2611.00001/overlaps", cleo, 200, reason="Odd.")["voters"] == 0
    send("POST", "moderation/deeds", cleo, 404, **act | {"target": 999})
    send("POST", "moderation/deeds", cleo, 404, **act | {"verb": "erase"})


def test_the_log_goes_on_by_a_cursor(send, client):
    for number in range(5):
        Deed.objects.create(
            at="2026-11-20T00:00:00Z", verb="hide", kind="comment", target=number + 1, reason="a"
        )
    found, cursor = [], ""
    while cursor is not None:
        answer = send("GET", f"moderation/log?limit=2&cursor={cursor}")
        found += [one["key"] for one in answer["deeds"]]
        cursor = answer["next"]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5


def test_what_an_agent_wrote_is_confirmed_or_discarded_by_its_person(send, client):
    mira, tom = person("mira"), person("tom")
    bot = person("robot", kind=Kind.BOT, owner=mira)
    first, second = (
        said(text, by=by, paper="2611.00001", via=Viewer(by, is_agent=True))
        for text, by in (("By my token.", mira), ("By my program.", bot))
    )
    assert not Comment.objects.exclude(state="held").exists()
    held = send("GET", "comments?held=true", mira)["comments"]
    assert [(one["id"], one["comment"]["id"]) for one in held] == [
        ("2611.00001", second.pk),
        ("2611.00001", first.pk),
    ]
    assert all(one["comment"]["is_by_agent"] for one in held)
    for other in (tom, bot):
        assert [one["comment"]["id"] for one in send("GET", "comments", other)["comments"]] == (
            [second.pk] if other == bot else []
        )
    send("PUT", f"comments/{first.pk}/confirmed", tom, 404)
    send("DELETE", f"comments/{second.pk}", tom, 404)
    send("PUT", f"comments/{first.pk}/confirmed", bot, 403)
    agent = bearer(mira, is_agent=True)
    assert client.put(f"/api/v1/comments/{first.pk}/confirmed", headers=agent).status_code == 403
    confirmed = send("PUT", f"comments/{first.pk}/confirmed", mira)
    assert (confirmed["state"], confirmed["is_by_agent"]) == ("visible", True)
    send("DELETE", f"comments/{second.pk}", mira, 204)
    assert send("GET", "comments?held=true", mira)["comments"] == []
    assert [one["id"] for one in send("GET", "papers/2611.00001/comments")["comments"]] == [first.pk]


def test_ones_own_votes_are_listed_for_oneself(send):
    mira = person("mira")
    for number in (1, 2, 3):
        send("PUT", f"papers/2611.0000{number}/vote", mira)
    first = send("GET", "votes?limit=2", mira)
    assert [(one["id"], one["why_not"]) for one in first["votes"]] == [("2611.00003", ""), ("2611.00002", "")]
    rest = send("GET", f"votes?limit=2&cursor={first['next']}", mira)
    assert ([one["id"] for one in rest["votes"]], rest["next"]) == (["2611.00001"], None)
    assert send("GET", "votes", person("tom"))["votes"] == []
    assert send("GET", "people/mira")["votes"] is None
    Person.objects.filter(handle="mira").update(votes_private=False)
    assert send("GET", "people/mira")["votes"][0] == {"paper": "2611.00003", "is_by_agent": False}


def test_a_thread_is_muted_and_heard_again(send):
    mira, tom = person("mira"), person("tom")
    root = said("A thread.", by=mira, paper="2611.00001")
    answer = said("An answer.", by=tom, paper="2611.00001", answers=root)
    assert Notice.objects.count() == 1
    for _ in range(2):
        send("PUT", f"comments/{root.pk}/mute", mira, 204)
    send("PUT", f"comments/{answer.pk}/mute", mira, 404)
    assert send("GET", "notices/muted", mira)["comments"] == [root.pk]
    said("Another.", by=tom, paper="2611.00001", answers=root)
    assert Notice.objects.count() == 1
    for _ in range(2):
        send("DELETE", f"comments/{root.pk}/mute", mira, 204)
    assert send("GET", "notices/muted", mira)["comments"] == []
    held = said("Held.", by=tom, paper="2611.00001", via=Viewer(tom, is_agent=True))
    send("PUT", f"comments/{held.pk}/mute", mira, 404)


def test_a_comment_tells_what_it_said_before_to_whoever_may_read_it(send):
    mira = person("mira")
    comment = said("First.", by=mira, paper="2611.00001")
    send("PUT", f"comments/{comment.pk}", mira, text="Second.")
    said("So?", by=person("tom"), paper="2611.00001", answers=comment)
    assert "Add a note" in send("PUT", f"comments/{comment.pk}", mira, 400, text="Third.")["detail"]
    assert "Third." in send("POST", f"comments/{comment.pk}/notes", mira, text="Third.")["source"]
    earlier = send("GET", f"comments/{comment.pk}/history")["earlier"]
    assert [one["source"] for one in earlier] == ["Second.", "First."]
    Comment.objects.filter(pk=comment.pk).update(state="hidden")
    send("GET", f"comments/{comment.pk}/history", None, 404)
    send("POST", f"comments/{comment.pk}/notes", person("eve"), 404, text="Mine.")


def test_the_page_of_a_person_tells_what_is_public(send):
    mira = person("mira", name="Mira Koren")
    said("Seen.", by=mira, paper="2611.00001")
    said("Held.", by=mira, paper="2611.00001", via=Viewer(mira, is_agent=True))
    send("POST", "submissions", mira, 201, paper="2611.00007")
    shown = send("GET", "people/mira")
    assert (shown["handle"], shown["name"], shown["kind"], shown["role"]) == (
        "mira",
        "Mira Koren",
        "person",
        "reader",
    )
    assert [one["source"] for one in shown["comments"]] == ["Seen."]
    assert shown["submissions"] == [{"paper": "2611.00007", "is_by_agent": False}]
    assert not {"email", "id"} & shown.keys()
    send("GET", "people/nobody", None, 404)
    Person.objects.filter(pk=mira.pk).update(leaving_at="2026-11-22T00:00:00Z")
    send("GET", "people/mira", None, 404)


def test_an_agent_reports_nothing(send, client):
    tom = person("tom")
    comment = said("A.", by=tom, paper="2611.00001")
    answer = client.post(
        f"/api/v1/comments/{comment.pk}/reports",
        {"reason": "rude"},
        content_type="application/json",
        headers=bearer(person("mira"), is_agent=True),
    )
    assert answer.status_code == 403
    assert not Report.objects.exists()
