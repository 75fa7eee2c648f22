"""Claims: who is an author of a paper, and who speaks for an organization."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from tests.web.press import SUNDAY, paper

from broadsheet.accounts.access import NobodyError, NotAllowedError, Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import claiming, deeds, voting
from broadsheet.community.models import Claim, Deed, Notice, Vote
from broadsheet.papers import verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, OrganizationName

NAMED, ADA = "arxiv:2611.00001", "ada-north"
RECORD = paper(
    1,
    authors=(AuthorName("Ada North"), AuthorName("Bo Li")),
    organizations=(OrganizationName("northlab", "North Lab"),),
)
LATER = SUNDAY + timedelta(days=1)
pytestmark = pytest.mark.django_db


def reader(handle: str, role: str = "reader", *, orcid: str = "", mail: str = "") -> Viewer:
    person = Person.objects.create(handle=handle, name=handle.title(), role=role, vouched_at=SUNDAY)
    if orcid:
        SocialAccount.objects.create(user=person, provider="orcid", uid=orcid)
    if mail:
        EmailAddress.objects.create(user=person, email=mail, verified=True)
    return Viewer(person=person)


@pytest.fixture
def pk() -> int:
    store([RECORD], now=SUNDAY)
    return Paper.objects.get().pk


@pytest.fixture
def curator() -> Viewer:
    return reader("cleo", "curator")


def ask(viewer: Viewer, pk: int, slug: str = ADA, said: str = "") -> Claim:
    return claiming.ask_author(viewer, pk, NAMED, slug, said, now=SUNDAY)


def state_of(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.state


def test_a_claim_waits_for_a_curator_and_stands_on_the_page_once_verified(pk, curator):
    ada = reader("ada")
    claim = ask(ada, pk, said="See my page at the university.")
    assert (claim.state, claim.evidence) == ("asked", "See my page at the university.")
    assert claiming.of_papers([pk]) == {}
    assert claiming.verify(curator, claim.pk, now=SUNDAY).proof == "curator"
    assert [one.person for one in claiming.of_papers([pk])[pk]] == [ada.person]
    assert [one.person for one in claiming.of_author(ADA)] == [ada.person]
    assert Deed.objects.get().verb == "verify"
    assert Notice.objects.get(person=ada.person).said == "Your claim was verified. (ada-north)"


def test_who_signed_in_with_the_orcid_id_that_a_source_has_is_verified_at_once(pk):
    said = {"orcid": {"Ada North": "0000-0002-1825-0097"}}
    store([replace(RECORD, source="crossref", key="x", said=said, listings=(), signals=())], now=SUNDAY)
    assert Paper.objects.count() == 1
    viewer = reader("ada", orcid="0000-0002-1825-0097")
    ada = ask(viewer, pk)
    assert (ada.state, ada.proof, ada.evidence) == ("verified", "orcid", "0000-0002-1825-0097")
    assert ask(reader("eve", orcid="0000-0001-5000-0007"), pk).state == "asked"
    assert ask(viewer, pk, "bo-li").state == "asked"


def test_mail_at_the_domain_of_an_organization_proves_it_once_a_curator_said_which_that_is(pk, curator):
    first, second = reader("ada", mail="ada@north.example"), reader("ben", mail="ben@sea.north.example")
    claim = claiming.ask_organization(first, "northlab", now=SUNDAY)
    assert claim.state == "asked"
    with pytest.raises(claiming.NoClaimError, match=r"mail at elsewhere\.example"):
        claiming.verify(curator, claim.pk, domain="elsewhere.example", now=SUNDAY)
    claiming.verify(curator, claim.pk, domain="north.example", now=SUNDAY)
    at_once = claiming.ask_organization(second, "northlab", now=SUNDAY)
    assert (at_once.state, at_once.proof) == ("verified", "domain")
    other = reader("eve", mail="eve@evilnorth.example")
    assert claiming.ask_organization(other, "northlab", now=SUNDAY).state == "asked"
    EmailAddress.objects.filter(email="eve@evilnorth.example").update(
        email="eve@north.example", verified=False
    )
    assert claiming.ask_organization(other, "northlab", now=SUNDAY).state == "asked"
    assert len(claiming.of_organization("northlab")) == 2


def test_each_step_has_a_way_back_and_another_way_on(pk, curator):
    ada = reader("ada")
    claim = ask(ada, pk)
    claiming.refuse(curator, claim.pk, "Another Ada.", now=SUNDAY)
    assert state_of(claim) == "refused"
    assert ask(ada, pk, said="I have the PhD to show.").pk == claim.pk
    assert state_of(claim) == "asked"
    claiming.verify(curator, claim.pk, now=SUNDAY)
    claiming.take_back(curator, claim.pk, now=SUNDAY)
    assert state_of(claim) == "asked"
    claiming.verify(curator, claim.pk, now=SUNDAY)
    claiming.dispute(reader("ben"), claim.pk, "That is my sister.", now=SUNDAY)
    assert state_of(claim) == "disputed"
    claiming.verify(curator, claim.pk, now=SUNDAY)
    claiming.withdraw(ada, claim.pk, now=SUNDAY)
    assert state_of(claim) == "withdrawn"
    assert claiming.of_papers([pk]) == {}
    assert ask(ada, pk).state == "asked"
    verbs = Deed.objects.order_by("pk").values_list("verb", "undoes__verb")
    assert list(verbs) == [
        ("refuse", None),
        ("verify", None),
        ("take back", "verify"),
        ("verify", None),
        ("verify", None),
    ]


def test_to_ask_again_changes_nothing(pk):
    ada = reader("ada")
    assert ask(ada, pk).pk == ask(ada, pk, said="Again.").pk
    assert Claim.objects.count() == 1


def test_of_two_who_claim_one_name_a_curator_verifies_one(pk, curator):
    ada, eve = ask(reader("ada"), pk), ask(reader("eve"), pk)
    claiming.verify(curator, ada.pk, now=SUNDAY)
    with pytest.raises(claiming.NoClaimError, match="Ada is verified as this author already"):
        claiming.verify(curator, eve.pk, now=SUNDAY)


def test_a_new_version_that_drops_the_name_asks_the_claim_again(pk, curator):
    ada, bo = ask(reader("ada"), pk), ask(reader("bo"), pk, "bo-li")
    for claim in (ada, bo):
        claiming.verify(curator, claim.pk, now=SUNDAY)
    store([replace(RECORD, authors=(AuthorName("Bo Li"),), observed_at=LATER)], now=LATER)
    assert (state_of(ada), ada.reason) == ("asked", claiming.DROPPED)
    assert state_of(bo) == "verified"


def test_votes_of_a_verified_author_are_judged_again(pk, curator):
    ada = reader("ada")
    voting.cast(ada, pk, NAMED, now=SUNDAY)
    claim = ask(ada, pk)
    assert Vote.objects.get().why_not == ""
    claiming.verify(curator, claim.pk, now=SUNDAY)
    assert Vote.objects.get().why_not == "author"
    claiming.dispute(reader("friend"), claim.pk, "So that it counts.", now=SUNDAY)
    assert Vote.objects.get().why_not == "author"
    claiming.withdraw(ada, claim.pk, now=SUNDAY)
    assert Vote.objects.get().why_not == ""


def test_claims_follow_papers_that_are_joined_and_parted(pk, curator):
    authors = RECORD.authors
    other = replace(
        RECORD, source="acl", key="x", title="Tides", identifiers=(Identifier("acl", "2026.x-1.1"),)
    )
    store([replace(other, authors=authors)], now=SUNDAY)
    other_pk = Paper.objects.exclude(pk=pk).get().pk
    ada, eve = reader("ada"), reader("eve")
    voting.cast(eve, other_pk, "acl:2026.x-1.1", now=SUNDAY)
    mine = [ask(ada, pk), claiming.ask_author(ada, other_pk, "acl:2026.x-1.1", ADA, now=SUNDAY)]
    hers = claiming.ask_author(eve, other_pk, "acl:2026.x-1.1", "bo-li", now=SUNDAY)
    bo = ask(reader("bo"), pk, "bo-li")
    for number, claim in enumerate((*mine, bo, hers)):
        claiming.verify(curator, claim.pk, now=SUNDAY + timedelta(minutes=number))
    verdicts.join("2611.00001", "2026.x-1.1", by="cleo", because="one", now=SUNDAY)
    assert [state_of(claim) for claim in (*mine, bo, hers)] == [
        "verified",
        "verified",
        "verified",
        "disputed",
    ]
    assert {claim.paper_id for claim in Claim.objects.all()} == {pk}
    assert sorted((one.person.handle, one.slug) for one in claiming.of_papers([pk])[pk]) == [
        ("ada", "ada-north"),
        ("bo", "bo-li"),
        ("eve", "bo-li"),
    ]
    assert Vote.objects.get().why_not == "author"
    verdicts.undo("2611.00001", "2026.x-1.1", same=True, now=SUNDAY)
    apart = set(Claim.objects.values_list("named", "paper__public_id"))
    assert apart == {("arxiv:2611.00001", "2611.00001"), ("acl:2026.x-1.1", "acl:2026.x-1.1")}
    assert {state_of(claim) for claim in (*mine, bo, hers)} == {"verified"}


def test_nobody_decides_but_curators_and_another_ones_claim_is_not_there(pk, curator):
    ada, eve = reader("ada"), reader("eve")
    claim = ask(ada, pk)
    for decide in (
        lambda viewer: claiming.verify(viewer, claim.pk, now=SUNDAY),
        lambda viewer: claiming.refuse(viewer, claim.pk, "No.", now=SUNDAY),
        lambda viewer: claiming.take_back(viewer, claim.pk, now=SUNDAY),
    ):
        with pytest.raises(NotAllowedError, match="curator"):
            decide(ada)
        with pytest.raises(NobodyError):
            decide(Viewer())
    with pytest.raises(claiming.NoSuchClaimError):
        claiming.withdraw(eve, claim.pk, now=SUNDAY)
    assert claiming.mine(eve) == []
    with pytest.raises(claiming.NoSuchClaimError):
        claiming.dispute(eve, claim.pk, "No.", now=SUNDAY)
    with pytest.raises(claiming.NoClaimError, match="names no such author"):
        ask(ada, pk, "nobody")
    with pytest.raises(claiming.NoClaimError, match="such an organization"):
        claiming.ask_organization(ada, "nowhere", now=SUNDAY)
    with pytest.raises(deeds.ReasonError):
        ask(eve, pk, said="x" * 501)


def test_programs_claim_nothing_and_nobody_disputes_their_own_claim_or_before_they_are_vouched_for(
    pk, curator, settings
):
    ada = reader("ada")
    with pytest.raises(NotAllowedError, match="program"):
        ask(Viewer(person=ada.person, via="mcp", scopes=["submit"]), pk)
    claim = ask(ada, pk)
    claiming.verify(curator, claim.pk, now=SUNDAY)
    with pytest.raises(claiming.NoClaimError, match="withdraw it instead"):
        claiming.dispute(ada, claim.pk, "Not me.", now=SUNDAY)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open"})
    fresh = Viewer(person=Person.objects.create(handle="fresh"))
    with pytest.raises(NotAllowedError, match="vouched for"):
        claiming.dispute(fresh, claim.pk, "No.", now=SUNDAY)
    assert state_of(claim) == "verified"


def test_a_person_has_so_many_claims_that_wait(pk, monkeypatch):
    monkeypatch.setattr(claiming, "MOST_OPEN", 1)
    ada = reader("ada")
    ask(ada, pk)
    with pytest.raises(claiming.NoClaimError, match="wait already"):
        ask(ada, pk, "bo-li")
