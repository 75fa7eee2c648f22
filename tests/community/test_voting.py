"""A vote stands or it does not; whether it counts follows from who cast it, and its voter sees why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Sum
from tests.community.people import NOW, named, paper, papers, people, person, record

from broadsheet.accounts import joining, standing
from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.accounts.models import Invitation, Kind, Person
from broadsheet.community import counting, voting
from broadsheet.community.models import Claim, ClaimKind, ClaimState, Vote, VoteEvent, WhyNot
from broadsheet.papers import reading, verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Revision, Tally
from broadsheet.papers.record import Record

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def settings_of_people(settings):
    """`settings_of_people(access="open")`."""

    def change(**said: object) -> None:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update=said)

    return change


@pytest.fixture
def open_to_all(settings_of_people):
    settings_of_people(access="open", active_days=3)


def cast(viewer: Viewer, number: int = 1, *, now=NOW) -> voting.Standing:
    return voting.cast(viewer, paper(number), named(number), now=now)


def numbers(number: int = 1) -> tuple[int, int]:
    """How many votes were cast for the paper and how many of them count; rows and events say the same."""
    return numbers_of(paper(number))


def numbers_of(pk: int) -> tuple[int, int]:
    tally = Tally.objects.filter(paper=pk).values_list("cast_here", "counted_here").first() or (0, 0)
    events = VoteEvent.objects.filter(paper=pk).aggregate(cast=Sum("votes"), right=Sum("counted"))
    assert (events["cast"] or 0, events["right"] or 0) == tally
    assert counting.recount_all() == 0
    return tally


def test_a_vote_stands_until_it_is_withdrawn_however_often_either_is_said():
    papers(1)
    (ada,) = people(1)
    assert cast(ada) == cast(ada) == voting.Standing(stands=True)
    assert numbers() == (1, 1)
    for _ in range(2):
        assert not voting.withdraw(ada, paper(1), now=NOW).stands
        assert numbers() == (0, 0)
    cast(ada)
    assert numbers() == (1, 1)
    assert voting.standing(ada, [paper(1)]) == {paper(1): voting.Standing(stands=True)}
    assert voting.standing(NOBODY, [paper(1)]) == {}


def test_a_stranger_and_a_token_without_the_scope_cast_nothing():
    papers(1)
    with pytest.raises(NobodyError):
        cast(NOBODY)
    with pytest.raises(NotAllowedError, match="no scope 'vote'"):
        cast(Viewer(person(1), scopes={"read"}, via="api"))
    assert numbers() == (0, 0)


def test_a_paper_that_was_taken_back_is_voted_on_no_more_and_a_vote_for_it_can_still_be_withdrawn():
    papers(1)
    ada, ben = people(1, 2)
    cast(ada)
    store([replace(record(1, 1), withdrawn=True, observed_at=LATER)], now=LATER)
    with pytest.raises(voting.NoVoteError, match="taken back"):
        cast(ben)
    assert cast(ada).stands
    voting.withdraw(ada, paper(1), now=LATER)
    assert numbers() == (0, 0)


def test_who_votes_too_often_is_told_how_often_one_may_and_until_when(settings_of_people):
    settings_of_people(limits="vote=2/minute,300/day")
    papers(1, 2, 3)
    (ada,) = people(1)
    cast(ada, 1)
    cast(ada, 2)
    with pytest.raises(
        TakenTooMuchError, match=r"At most 2 votes a minute; ask again in 60 seconds\."
    ) as problem:
        cast(ada, 3)
    assert problem.value.retry_after == timedelta(minutes=1)
    assert numbers(3) == (0, 0)
    cast(ada, 2)
    cast(ada, 3, now=NOW + timedelta(minutes=1))


def test_votes_of_programs_and_of_authors_are_shown_apart_and_do_not_count():
    (pk,) = papers(1)
    owner, author, reader = people(1, 2, 3)
    bot = Viewer(person(4, kind=Kind.BOT, owner=owner.person))
    Claim.objects.create(
        person=author.person, kind=ClaimKind.AUTHOR, paper_id=pk, slug="ada", named=named(1),
        state=ClaimState.VERIFIED, asked_at=NOW,
    )  # fmt: skip
    said = [cast(one).why_not for one in (bot, Viewer(owner.person, via="mcp"), author, reader)]
    assert said == [WhyNot.AGENT, WhyNot.AGENT, WhyNot.AUTHOR, ""]
    assert numbers() == (4, 1)
    tally = Tally.objects.get(paper=pk)
    assert (tally.by_agents, tally.by_authors) == (2, 1)
    assert "author of this paper" in voting.standing(author, [pk])[pk].words


def test_a_person_may_vote_where_their_program_did_before_and_then_it_counts():
    (pk,) = papers(1)
    ada = person(1)
    cast(Viewer(ada, via="mcp"))
    assert numbers() == (1, 0)
    assert cast(Viewer(ada)) == voting.Standing(stands=True)
    assert numbers() == (1, 1)
    cast(Viewer(ada, via="mcp"))
    assert numbers() == (1, 1)
    assert Vote.objects.filter(paper=pk).count() == 1


def test_a_claim_that_is_verified_takes_the_vote_of_the_author_out_and_its_end_brings_it_back():
    (pk,) = papers(1)
    (ada,) = people(1)
    cast(ada)
    claim = Claim.objects.create(
        person=ada.person, kind=ClaimKind.AUTHOR, paper_id=pk, slug="ada", named=named(1),
        state=ClaimState.VERIFIED, asked_at=NOW,
    )  # fmt: skip
    voting.judge([pk], now=LATER)
    assert numbers() == (1, 0)
    claim.delete()
    voting.judge([pk], now=LATER)
    assert numbers() == (1, 1)


def newcomer(number: int = 1) -> Viewer:
    return Viewer(person(number, vouched_at=None, email=f"reader-{number}@lab.example"))


@pytest.mark.usefixtures("open_to_all")
def test_votes_of_a_newcomer_count_once_somebody_vouches_for_them():
    papers(1, 2)
    ada = newcomer()
    said = cast(ada)
    assert said.words == (
        "Your vote counts once you are vouched for: by a curator, or when you did more here than vote on 3 days"
        " (so far on 0)."
    )
    cast(ada, 2)
    assert (numbers(1), numbers(2)) == ((1, 0), (1, 0))
    joining.vouch(ada.person, now=LATER)
    assert (numbers(1), numbers(2)) == ((1, 1), (1, 1))


@pytest.mark.usefixtures("open_to_all")
def test_votes_of_a_newcomer_count_from_the_third_day_on_which_they_did_more_than_vote():
    papers(1)
    ada = newcomer()
    cast(ada)
    for day in range(3):
        assert numbers() == (1, 0)
        for hour in range(2):
            joining.was_active(ada, now=NOW + timedelta(days=day, hours=hour))
    assert numbers() == (1, 1)


@pytest.mark.usefixtures("open_to_all")
def test_votes_of_a_newcomer_count_by_an_invitation():
    papers(1)
    ada = newcomer()
    cast(ada)
    joining.use_invitation(joining.invite(person(2), now=NOW), ada.person, now=NOW)
    assert Invitation.objects.get().used_by == ada.person
    assert numbers() == (1, 1)


@pytest.mark.parametrize("access", ["single", "invitation", "domain:lab.example"])
def test_where_not_everybody_may_have_an_account_whoever_has_one_counts(access, settings_of_people):
    settings_of_people(access=access)
    papers(1)
    assert cast(newcomer()).why_not == ""
    assert numbers() == (1, 1)


def test_votes_of_somebody_who_is_suspended_count_again_when_that_ends():
    papers(1, 2)
    ada, ben = people(1, 2)
    for one in (ada, ben):
        cast(one)
    until = NOW + timedelta(days=7)
    standing.suspend(Person.objects.get(handle="reader-1"), until=until, now=NOW)
    assert numbers() == (2, 1)
    ada.person.refresh_from_db()
    mine = voting.standing(ada, [paper(1)])[paper(1)]
    assert mine.words == "Your account is suspended: your votes count again from 27 November 2026."
    with pytest.raises(NotAllowedError, match="suspended"):
        cast(ada, 2)
    voting.judge_due(now=until - timedelta(seconds=1))
    assert numbers() == (2, 1)
    voting.judge_due(now=until)
    assert numbers() == (2, 2)


def test_a_suspension_that_is_called_off_brings_votes_back_at_once():
    papers(1)
    (ada,) = people(1)
    cast(ada)
    for until in (LATER, None):
        standing.suspend(Person.objects.get(handle="reader-1"), until=until, now=NOW)
    assert numbers() == (1, 1)


DOI, ACL = Identifier("doi", "10.1000/m"), Identifier("acl", "2026.acl-main.1")


def two_papers() -> tuple[Record, Record]:
    """A preprint, and an article of which nobody knows yet that it is the same; each was listed."""
    preprint = record(1, 1)
    preprint = replace(preprint, identifiers=(*preprint.identifiers, DOI))
    article = replace(record(2, 2), source="acl", key=ACL.value, title="Other", identifiers=(ACL,))
    store([preprint], now=NOW)
    store([article], now=NOW)
    return preprint, article


def of(name: str) -> tuple[int, int]:
    """As `numbers`, of a paper by any name."""
    return numbers_of(reading.resolve(name)[0])


def test_two_papers_that_an_import_makes_one_keep_the_votes_of_fifty_people_and_parted_each_has_its_own():
    _, article = two_papers()
    voters = people(*range(50))
    names = ("arxiv:2611.00001", f"acl:{ACL.value}")
    for name, those, at in ((names[0], voters[:30], NOW), (names[1], voters[20:], LATER)):
        for voter in those:
            voting.cast(voter, reading.resolve(name)[0], name, now=at)
    assert [of(name) for name in names] == [(30, 30), (30, 30)]
    store([replace(article, identifiers=(ACL, DOI), observed_at=LATER)], now=LATER)
    assert len({reading.resolve(name)[0] for name in names}) == 1
    assert of(names[0]) == (50, 50)
    assert Vote.objects.filter(why_not=WhyNot.TWICE).count() == 10
    verdicts.split(names[0], [names[1]], by="Mira", because="", now=LATER)
    assert [of(name) for name in names] == [(30, 30), (30, 30)]


def test_who_voted_for_both_of_two_papers_that_are_one_now_withdraws_both_votes():
    papers(1, 2)
    (ada,) = people(1)
    cast(ada, 1)
    cast(ada, 2)
    verdicts.join("2611.00001", "2611.00002", by="Mira", because="", now=LATER)
    assert numbers(1) == (1, 1)
    assert voting.standing(ada, [paper(1)])[paper(1)].words == ""
    voting.withdraw(ada, paper(1), now=LATER)
    assert numbers(1) == (0, 0)
    verdicts.split("2611.00001", ["2611.00002"], by="Mira", because="", now=LATER)
    assert (numbers(1), numbers(2)) == ((0, 0), (0, 0))


def test_a_tally_that_drifted_is_set_right_by_a_recount():
    papers(1, 2)
    (ada,) = people(1)
    cast(ada)
    Tally.objects.filter(paper=paper(1)).update(counted_here=7)
    Tally.objects.filter(paper=paper(2)).update(cast_here=3)
    assert counting.recount_all() == 2
    assert (numbers(1), numbers(2)) == ((1, 1), (0, 0))


def test_a_vote_moves_neither_the_revision_nor_the_stamp():
    papers(1)
    (ada,) = people(1)
    before = Tally.objects.get().stamp, Revision.objects.get().number
    cast(ada)
    assert (Tally.objects.get().stamp, Revision.objects.get().number) == before
