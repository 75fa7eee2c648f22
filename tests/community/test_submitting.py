"""Papers that readers submit, from the paste to the list of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import SAVED_PAGE
from tests.web.press import SUNDAY, paper

from broadsheet.accounts.access import NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.accounts.models import Person
from broadsheet.community import deciding, here, submitting
from broadsheet.community.models import Deed, Notice, Submission
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers import reading, verdicts
from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.sources.models import WantedPaper

TODAY = SUNDAY.date()
TOMORROW = TODAY + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_community(settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})


def reader(handle: str, role: str = "reader") -> Viewer:
    person = Person.objects.create(handle=handle, name=handle.title(), role=role, vouched_at=SUNDAY)
    return Viewer(person=person)


@pytest.fixture
def ana() -> Viewer:
    return reader("ana")


@pytest.fixture
def curator() -> Viewer:
    return reader("cleo", "curator")


@pytest.fixture
def fresh() -> int:
    """A paper that no list has yet."""
    store([paper(1, listed=None)], now=SUNDAY)
    return Paper.objects.get().pk


def submit(viewer: Viewer, text: str = "2611.00001", *, later: timedelta = timedelta(0)) -> Submission:
    return submitting.submit(viewer, text, now=SUNDAY + later)


def edition(day: date) -> list[tuple[str, str]]:
    found = lists.read(ListName("day", str(day)), None, Part(limit=50), today=TODAY)
    return [(Paper.objects.get(pk=row.pk).public_id, row.submitter) for row in found.entries]


def test_an_accepted_paper_is_on_the_list_of_the_day_in_the_name_of_who_sent_it_in(ana, curator, fresh):
    sent = submit(ana, "https://arxiv.org/abs/2611.00001v1")
    assert sent.state == "waiting"
    deciding.decide(curator, sent.pk, TODAY, now=SUNDAY)
    assert edition(TODAY) == [("2611.00001", "Ana")]
    (listing,) = reading.detail(fresh).listings
    assert (listing.source, listing.day, listing.submitter_username) == ("here", TODAY, "ana")
    assert [deed.verb for deed in Deed.objects.filter(kind="submission", target=sent.pk)] == ["accept"]


def test_a_decision_that_is_taken_back_leaves_no_trace_on_the_list(ana, curator, fresh):
    sent = submit(ana)
    deciding.decide(curator, sent.pk, TODAY, now=SUNDAY)
    assert deciding.take_back(curator, sent.pk, now=SUNDAY).state == "waiting"
    assert edition(TODAY) == []
    deciding.decide(curator, sent.pk, TODAY, now=SUNDAY)
    assert edition(TODAY) == [("2611.00001", "Ana")]
    verbs = Deed.objects.order_by("pk").values_list("verb", "undoes__verb")
    assert list(verbs) == [("accept", None), ("take back", "accept"), ("accept", None)]


def test_what_is_scheduled_appears_on_its_day(ana, curator, fresh):
    sent = submit(ana)
    assert deciding.decide(curator, sent.pk, TOMORROW, now=SUNDAY).state == "scheduled"
    assert not submitting.settle(now=SUNDAY)
    assert edition(TOMORROW) == []
    assert submitting.settle(now=SUNDAY + timedelta(days=1))
    assert edition(TOMORROW) == [("2611.00001", "Ana")]
    assert not submitting.settle(now=SUNDAY + timedelta(days=1))


def test_who_submits_sees_why_it_was_declined(ana, curator, fresh):
    sent = submit(ana)
    deciding.decline(curator, sent.pk, "A survey of surveys.", now=SUNDAY)
    (mine,) = submitting.mine(ana)
    assert (mine.state, mine.reason) == ("declined", "A survey of surveys.")
    with pytest.raises(ValueError, match="Say why"):
        deciding.decline(curator, sent.pk, " ", now=SUNDAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste an identifier"),
        ("2611.00001" * 40, "at most 300"),
        ("2611.00001\u202e", "Paste an identifier"),
        ("see my paper", "no identifier"),
        ("10.1234/nobody.has.this", "not in this catalogue"),
        ("2611.09999", "not in this catalogue"),
    ],
)
def test_what_is_no_paper_is_refused_in_a_sentence_and_costs_nothing(ana, fresh, text, said):
    with pytest.raises(submitting.NoSubmissionError, match=said):
        submit(ana, text)
    assert not Submission.objects.exists()
    assert submitting.left_today(ana.person, now=SUNDAY) == 5


def test_a_paper_is_submitted_once_and_who_comes_later_is_told_where_it_is(ana, curator, fresh):
    sent, ben = submit(ana), reader("ben")
    with pytest.raises(submitting.NoSubmissionError, match="submitted on 2026-11-22 and waits"):
        submit(ben)
    deciding.decide(curator, sent.pk, TOMORROW, now=SUNDAY)
    with pytest.raises(submitting.NoSubmissionError, match="scheduled for 2026-11-23"):
        submit(ben)
    submitting.settle(now=SUNDAY + timedelta(days=1))
    with pytest.raises(submitting.NoSubmissionError, match="edition of 2026-11-23"):
        submit(ben)


def test_a_paper_that_is_old_is_refused_by_the_setting(ana, settings):
    store([paper(1, listed=None, published=TODAY - timedelta(days=31))], now=SUNDAY)
    with pytest.raises(submitting.NoSubmissionError, match=r"at most 30 days old .* came out on 2026-10-22"):
        submit(ana)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"submission_days": 0})
    assert submit(ana).state == "waiting"


def test_a_paper_of_which_only_the_month_is_known_is_as_young_as_it_may_be(ana):
    store(
        [replace(paper(1, listed=None, published=date(2026, 10, 1)), published_precision="month")], now=SUNDAY
    )
    assert submit(ana).state == "waiting"


def test_a_reader_may_submit_five_papers_a_day(ana):
    store([paper(number, listed=None) for number in range(1, 8)], now=SUNDAY)
    for number in range(1, 6):
        submit(ana, f"2611.0000{number}")
    assert submitting.left_today(ana.person, now=SUNDAY) == 0
    with pytest.raises(TakenTooMuchError, match="5 submissions a day"):
        submit(ana, "2611.00006")
    assert Submission.objects.count() == 5
    assert submit(ana, "2611.00006", later=timedelta(days=1)).state == "waiting"


def test_arxiv_is_asked_for_its_papers_and_they_wait_when_they_come(ana, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    sent, other = submit(ana), submit(reader("ben"), "arXiv:2611.00001v2")
    assert (sent.state, WantedPaper.objects.get().pk) == ("asked", "2611.00001")
    with pytest.raises(submitting.NoSubmissionError, match="already"):
        submit(ana)
    submitting.settle(now=SUNDAY)
    assert submitting.mine(ana)[0].state == "asked"
    store([paper(1, listed=None)], now=SUNDAY)
    submitting.settle(now=SUNDAY)
    states = Submission.objects.filter(pk__in=[sent.pk, other.pk]).order_by("pk")
    assert [one.state for one in states] == ["waiting", "duplicate"]


def test_what_arxiv_does_not_know_is_unknown(ana, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    submit(ana)
    WantedPaper.objects.update(found=False, answered_at=SUNDAY)
    submitting.settle(now=SUNDAY)
    (mine,) = submitting.mine(ana)
    assert (mine.state, mine.reason) == ("unknown", "arXiv has no paper of that name.")


def test_who_is_alone_here_needs_no_curator_unless_a_program_submits(settings, fresh):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "single"})
    owner = reader("owner-of-it", "operator")
    store([paper(2, listed=None)], now=SUNDAY)
    by_program = Viewer(person=owner.person, via="mcp", scopes=["submit"])
    assert submit(by_program, "2611.00002").state == "waiting"
    assert submit(owner).state == "accepted"
    assert edition(TODAY) == [("2611.00001", "Owner-Of-It")]


def test_only_curators_decide_and_only_on_what_waits(ana, curator, fresh):
    sent = submit(ana)
    for decide in (
        lambda viewer: deciding.decide(viewer, sent.pk, TODAY, now=SUNDAY),
        lambda viewer: deciding.decline(viewer, sent.pk, "No.", now=SUNDAY),
        lambda viewer: deciding.take_back(viewer, sent.pk, now=SUNDAY),
    ):
        with pytest.raises(NotAllowedError, match="takes a curator"):
            decide(ana)
        with pytest.raises(NobodyError):
            decide(Viewer())
    with pytest.raises(deciding.NoDecisionError, match="no such"):
        deciding.decide(curator, sent.pk + 1, TODAY, now=SUNDAY)
    with pytest.raises(deciding.NoDecisionError, match="more than a year"):
        deciding.decide(curator, sent.pk, date(2099, 1, 1), now=SUNDAY)


def test_another_ones_submission_cannot_be_taken_back(ana, curator, fresh):
    sent = submit(ana)
    with pytest.raises(submitting.NoSuchSubmissionError):
        submitting.withdraw(curator, sent.pk, now=SUNDAY)
    submitting.withdraw(ana, sent.pk, now=SUNDAY)
    assert submitting.mine(ana) == []
    with pytest.raises(submitting.NoSuchSubmissionError):
        submitting.withdraw(ana, sent.pk, now=SUNDAY)


def test_a_submission_follows_its_paper_into_another_and_back(ana, curator):
    other = replace(
        paper(1, listed=None),
        source="acl",
        key="x",
        identifiers=(Identifier("acl", "2026.x-1.1"),),
        title="Other",
    )
    store([paper(1, listed=None), other], now=SUNDAY)
    sent = submit(ana, "2026.x-1.1")
    deciding.decide(curator, sent.pk, TODAY, now=SUNDAY)
    verdicts.join("2611.00001", "2026.x-1.1", by="cleo", because="one", now=SUNDAY)
    assert edition(TODAY) == [("2611.00001", "Ana")]
    verdicts.undo("2611.00001", "2026.x-1.1", same=True, now=SUNDAY)
    assert edition(TODAY) == [("acl:2026.x-1.1", "Ana")]
    deciding.take_back(curator, sent.pk, now=SUNDAY)
    assert edition(TODAY) == []


def test_a_paper_that_only_we_have_a_name_for_can_be_submitted(ana, curator, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"submission_days": 0})
    store([SAVED_PAGE], now=SUNDAY)
    name = Paper.objects.get().public_id
    sent = submit(ana, name)
    deciding.decide(curator, sent.pk, TODAY, now=SUNDAY)
    assert edition(TODAY) == [(name, "Ana")]
    assert Paper.objects.count() == 1


def test_what_is_exported_says_who_sent_a_paper_in_and_another_catalogue_lists_it(ana, curator, fresh):
    deciding.decide(curator, submit(ana).pk, TODAY, now=SUNDAY)
    records = [record for _, _, of_paper in export_rows() for record in of_paper]
    Notice.objects.all().delete()
    Submission.objects.all().delete()
    Paper.objects.all().delete()
    store(records, now=SUNDAY)
    assert edition(TODAY) == [("2611.00001", "Ana")]


def test_the_words_of_curators_give_way_to_those_of_all_others(ana, curator, fresh):
    deciding.decide(curator, submit(ana).pk, TODAY, now=SUNDAY)
    store(
        [replace(paper(1, listed=None), title="A better title", observed_at=SUNDAY + timedelta(1))],
        now=SUNDAY,
    )
    row = reading.detail(fresh).row
    assert (row.title, row.authors[0].name) == ("A better title", "Author A of 1")
    assert here.words(fresh) == []


@pytest.mark.thorough
def test_of_twenty_who_submit_a_paper_at_once_one_does_and_only_that_is_counted(rushed):
    assert rushed("twenty_submitters") == {"waiting": 1, "refused": 19, "rows": 1, "left": 99}


@pytest.mark.thorough
def test_of_two_curators_who_decide_at_once_the_second_is_told_what_the_first_decided(rushed):
    found = rushed("two_curators")
    assert (found["told"], found["deeds"]) == (1, 1)
    assert found["listings"] == (found["state"] == "accepted")
