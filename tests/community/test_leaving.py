"""People take what is theirs with them, leave, and appear nowhere afterwards."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client
from tests.community.moderated import NOW, a_comment, a_paper, somebody, viewer

from broadsheet.accounts import exporting, leaving, tokens
from broadsheet.accounts.access import NotAllowedError, Viewer
from broadsheet.accounts.leaving import Choice, LeavingError
from broadsheet.accounts.models import Person
from broadsheet.community import here, moderating, reporting, voting
from broadsheet.community.models import (
    Claim,
    Comment,
    CommentEdit,
    CommentVote,
    Mute,
    Notice,
    NoticeMail,
    Report,
    Submission,
    Vote,
)
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.library import hiding, looking, notes, tagging
from broadsheet.library.models import Follow, Hidden
from broadsheet.papers.models import PaperListing, SourceRecord, Tally

pytestmark = pytest.mark.django_db
EMAIL = "zelda.quux@lab.example"
LATER = NOW + timedelta(days=7)
NAMES = ("zelda", "Zelda", "quux", "Quux")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"data": tmp_path, "access": "open", "site_url": "https://papers.example"}
    )


@pytest.fixture
def zelda() -> Person:
    """Somebody who did all that can be done here."""
    person = somebody("zelda", name="Zelda Quux", email=EMAIL, votes_private=False)
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    paper, other = a_paper(), somebody("bea")
    voting.cast(Viewer(person), paper, "arxiv:2503.00001", now=NOW)
    comment = a_comment(person, paper)
    CommentEdit.objects.create(comment=comment, source="Before.", at=NOW)
    a_comment(other, paper, parent=comment, root=comment, depth=1)
    CommentVote.objects.create(person=person, comment=a_comment(other, paper, helpful=1), at=NOW)
    Submission.objects.create(
        person=person, paper_id=paper, text="2503.00001", submitted_at=NOW, state="accepted"
    )
    Claim.objects.create(
        person=person, kind="author", paper_id=paper, slug="bo-li", asked_at=NOW, state="verified"
    )
    reporting.report(Viewer(person), "person", other.pk, reason="spam", now=NOW)
    Notice.objects.create(person=person, kind="answer", target=1, at=NOW)
    Mute.objects.create(person=person, kind="thread", target=1)
    NoticeMail.objects.create(person=person, every="week")
    topic = topics.save(Viewer(person), ListName("trending"), name="Zelda's", now=NOW)
    topics.looked(Viewer(person), topic, 0, now=NOW)
    with_papers_of_their_own(Viewer(person), paper)
    Follow.objects.create(person=person, kind="author", name="bo-li", since=NOW)
    tokens.make(person, name="script", scopes=["read"], now=NOW)
    moderating.act(viewer("mo", "moderator"), "suspend", "person", person.pk, reason="A test.", now=NOW)
    client = Client()
    client.force_login(person)
    return person


def with_papers_of_their_own(zelda: Viewer, paper: int) -> None:
    papers = {paper: "arxiv:2503.00001"}
    hiding.hide_all(zelda, papers, now=NOW)
    tagging.tag(zelda, papers, ["to cite"], now=NOW)
    Hidden.objects.create(person=zelda.person, paper_id=paper, named=papers[paper], at=NOW)
    notes.write(zelda, paper, papers[paper], "Of quux, for myself.", now=NOW)
    looking.looked(zelda, "the list", now=NOW)


def unpacked(person: Person) -> dict[str, list[dict]]:
    with exporting.export(Viewer(person), now=NOW) as file, zipfile.ZipFile(file) as archive:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
        }


def test_all_that_is_mine_is_in_a_file_without_what_opens_anything(zelda):
    files = unpacked(zelda)
    assert files["profile"][0]["email"] == EMAIL
    assert files["comments"][0] | {"before": []} == files["comments"][0] | {"before": []}
    assert files["comments"][0]["before"][0]["source"] == "Before."
    assert files["deeds"][0]["reason"] == "A test."
    assert (files["saved"][0]["tags"], files["seen"][0]["papers"]) == (["to cite"], ["2503.00001"])
    assert "digest" not in files["tokens"][0]
    empty = {name for name, rows in files.items() if not rows}
    unused = {"accounts-elsewhere", "ways-in", "sessions", "invitations"}
    assert empty == unused | {"subscriptions", "left-out", "list-feeds", "file-to-bring-in"}


def test_nothing_of_another_is_in_the_file(zelda):
    other = json.dumps(unpacked(somebody("cyd")))
    assert not any(name in other for name in NAMES)
    assert "doubt" not in other


def test_programs_neither_take_everything_along_nor_leave(zelda):
    program = Viewer(zelda, scopes=["read"], via="api")
    with pytest.raises(NotAllowedError):
        exporting.export(program, now=NOW)
    with pytest.raises(NotAllowedError):
        leaving.ask(program, "zelda", Choice(), now=NOW)


@pytest.mark.parametrize("typed", ["", "bea", "zelda@", " "])
def test_who_leaves_types_who_they_are(zelda, typed):
    with pytest.raises(LeavingError, match="Type"):
        leaving.ask(Viewer(zelda), typed, Choice(), now=NOW)
    assert Person.objects.get(pk=zelda.pk).leaving_at is None


def test_the_last_who_runs_the_site_cannot_leave():
    with pytest.raises(LeavingError, match="operator"):
        leaving.ask(viewer("op", "operator"), "op", Choice(), now=NOW)


def test_for_a_week_it_can_be_called_off(zelda):
    leaving.ask(Viewer(zelda), "@Zelda", Choice(), now=NOW)
    assert leaving.leave_due(now=LATER - timedelta(seconds=1)) == 0
    zelda.refresh_from_db()
    assert zelda.shown == "a reader who left"
    leaving.stay(Viewer(zelda), now=NOW)
    assert leaving.leave_due(now=LATER) == 0
    zelda.refresh_from_db()
    assert zelda.shown == "Zelda Quux"


def test_who_leaves_is_signed_out_everywhere(zelda, client):
    client.force_login(zelda)
    elsewhere = Client()
    elsewhere.force_login(zelda)
    leaving.ask(Viewer(zelda), EMAIL, Choice(), now=NOW)
    for browser in (client, elsewhere):
        assert "login" in browser.get("/settings")["Location"]


def gone(person: Person, **choice: bool) -> Person:
    leaving.ask(Viewer(person), "zelda", Choice(**choice), now=NOW)
    assert leaving.leave_due(now=LATER) == 1
    assert leaving.leave_due(now=LATER) == 0
    person.refresh_from_db()
    return person


def everything() -> str:
    """All that the database has but the log of what was said of the person, which has numbers."""
    return json.dumps(
        [
            list(table._base_manager.values())
            for table in apps.get_models()
            if table._meta.app_label != "papers"
        ],
        default=str,
    )


@pytest.mark.parametrize("comments_go", [False, True])
@pytest.mark.parametrize("votes_go", [False, True])
def test_who_left_appears_nowhere(zelda, client, votes_go, comments_go):
    assert all(name in everything() for name in ("zelda", "Zelda", "quux"))
    gone(zelda, votes_go=votes_go, comments_go=comments_go)
    said = everything()
    assert not [name for name in NAMES if name in said]
    for address in ("/", "/papers/2503.00001", "/people/zelda", "/moderation/log", "/about/rules"):
        html = client.get(address).content.decode()
        assert not [name for name in NAMES if name in html.replace("/people/zelda", "")], address


def test_nothing_points_at_who_left_but_what_they_left_behind(zelda):
    gone(zelda, votes_go=False)
    left = {
        relation.related_model.__name__
        for relation in Person._meta.related_objects
        if relation.related_model._base_manager.filter(**{relation.field.name: zelda}).exists()
    }
    assert left == {"Vote"}


def test_a_paper_stays_on_the_list_of_its_day_without_the_name_of_who_submitted_it(zelda):
    first = Submission.objects.get()
    here.list_on(
        NOW.date(),
        first.paper_id,
        "arxiv:2503.00001",
        submitter_name="Zelda Quux",
        submitter_username="zelda",
        now=NOW,
    )
    Submission.objects.update(day=NOW.date(), named="arxiv:2503.00001")
    gone(zelda)
    listing = PaperListing.objects.get(source="here")
    assert (listing.day, listing.submitter_name, listing.submitter_username) == (NOW.date(), "", "")
    assert "Zelda" not in json.dumps(list(SourceRecord.objects.values()), default=str)


def test_votes_go_or_stay_without_counting(zelda):
    paper = Tally.objects.get(cast_here=1).paper_id
    gone(zelda, votes_go=False)
    assert Vote.objects.get().why_not == "left"
    assert (Tally.objects.get(paper=paper).cast_here, Tally.objects.get(paper=paper).counted_here) == (1, 0)


def test_votes_that_go_are_counted_no_more(zelda):
    paper = Tally.objects.get(cast_here=1).paper_id
    gone(zelda, votes_go=True)
    assert not Vote.objects.exists()
    assert (Tally.objects.get(paper=paper).cast_here, Tally.objects.get(paper=paper).counted_here) == (0, 0)


def test_comments_stay_without_a_name_or_are_emptied(zelda):
    gone(zelda)
    first = Comment.objects.order_by("pk").first()
    assert (first.person, first.source, first.state) == (None, "I *doubt* it.", "visible")


def test_emptied_comments_keep_their_place_for_the_answers(zelda):
    gone(zelda, comments_go=True)
    first = Comment.objects.order_by("pk").first()
    assert (first.person, first.source, first.html, first.state) == (None, "", "", "withdrawn")
    assert Comment.objects.filter(parent=first, state="visible").exists()
    assert not CommentEdit.objects.exists()


def test_a_report_stays_without_its_reporter_and_what_was_helpful_is_counted_anew(zelda):
    gone(zelda)
    assert Report.objects.get().reporter is None
    assert not Comment.objects.filter(helpful__gt=0).exists()


def test_programs_of_a_person_leave_with_them(zelda):
    bot = Person.objects.create(handle="zelda-bot", kind="bot", owner=zelda, joined_at=NOW)
    gone(zelda)
    bot.refresh_from_db()
    assert (bot.left_at, bot.handle) == (LATER, None)


def test_a_restored_backup_brings_nobody_back(zelda, tmp_path):
    backup = Person.objects.filter(pk=zelda.pk).values().get()
    (tmp_path / leaving.LIST).touch(0o600)
    (tmp_path / leaving.LIST).write_bytes(b'{"who": "cut sh\xc3\0')
    gone(zelda, votes_go=False)
    Person.objects.filter(pk=zelda.pk).update(**backup)
    a_comment(Person.objects.get(pk=zelda.pk), Comment.objects.first().paper_id)
    assert leaving.replay(now=LATER) == 1
    assert not [name for name in NAMES if name in everything()]
    assert leaving.replay(now=LATER) == 0
    listed = (tmp_path / leaving.LIST).read_text(errors="replace")
    assert not [name for name in NAMES if name in listed]
    assert (tmp_path / leaving.LIST).stat().st_mode & 0o777 == 0o600


def test_by_the_page_of_settings_everything_is_taken_along_and_left(client, settings):
    person = somebody("zelda", email=EMAIL)
    client.force_login(person)

    def post(address: str, **form: str):
        return client.post(address, form, headers={"Sec-Fetch-Site": "same-origin"})

    assert "Type zelda" in client.get("/settings").content.decode()
    archive = post("/settings/export")
    assert archive["Content-Disposition"].startswith("attachment")
    assert b"profile.jsonl" in b"".join(archive.streaming_content)
    assert archive["Cache-Control"] == "private, no-store"
    assert post("/settings/leave", typed="wrong").status_code == 400
    assert post("/settings/leave", typed="zelda", votes="go").status_code == 200
    assert "login" in client.get("/settings")["Location"]
    person.refresh_from_db()
    client.force_login(person)
    assert "Stay after all" in client.get("/settings").content.decode()
    assert post("/settings/stay").status_code == 303
    person.refresh_from_db()
    assert person.leaving_at is None
    client.logout()
    for address in ("/settings/export", "/settings/leave", "/settings/stay"):
        assert "login" in post(address)["Location"]
