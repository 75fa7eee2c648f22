"""Invitations: made, seen, used, taken back, by those who may."""

from __future__ import annotations

import re

import pytest
from tests.accounts.visiting import ADA, BEN, PUBLIC

from broadsheet.accounts.models import Invitation, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(site, visitor):
    """A curator who signed in, on a site that takes invitations."""
    ada = visitor()
    ada.sign_up()
    Person.objects.update(role=Role.CURATOR)
    site(access="invitation")
    return ada


def test_a_curator_invites_and_sees_who_came(curator, visitor):
    assert "Invitations" in curator.get("/settings").text
    made = curator.post("/settings/invitations", email=BEN).text
    link = made.partition("<code>")[2].partition("</code>")[0]
    assert link.startswith(f"{PUBLIC}/join/")
    assert link not in curator.get("/settings/invitations").text
    ben = visitor()
    ben.get(link.removeprefix(PUBLIC))
    ben.sign_up(BEN)
    assert ben.is_in()
    assert "a reader came by it" in " ".join(curator.get("/settings/invitations").text.split())
    assert Person.objects.get(email=BEN).vouched_at
    key = str(Invitation.objects.get().pk)
    assert curator.post("/settings/invitations/end", invitation=key).status_code == 404


def test_an_unused_invitation_is_taken_back(curator, visitor):
    made = curator.post("/settings/invitations").text
    link = made.partition("<code>")[2].partition("</code>")[0].removeprefix(PUBLIC)
    assert visitor().get(link).status_code == 302
    key = str(Invitation.objects.get().pk)
    assert curator.post("/settings/invitations/end", follow=False, invitation=key).status_code == 303
    assert visitor().get(link).status_code == 404
    for strange in (key, "x", "", "9" * 5000):
        assert curator.post("/settings/invitations/end", invitation=strange).status_code == 404


def test_readers_and_strangers_invite_nobody_and_take_nothing_back(curator, visitor, site):
    curator.post("/settings/invitations")
    key = str(Invitation.objects.get().pk)
    site(access="open")
    ben = visitor()
    ben.sign_up(BEN)
    assert ben.post("/settings/invitations").status_code == 403
    assert ben.post("/settings/invitations/end", invitation=key).status_code == 403
    assert "Invitations" not in ben.get("/settings").text
    Person.objects.filter(email=BEN).update(role=Role.MODERATOR)
    assert ben.post("/settings/invitations/end", invitation=key).status_code == 404
    stranger = visitor().client.get("/settings/invitations")
    assert stranger.headers["Location"] == "/accounts/login/?next=%2Fsettings%2Finvitations"
    assert Invitation.objects.count() == 1


def test_who_invites_does_not_learn_whether_somebody_has_an_account(curator, visitor, site):
    site(access="open")
    visitor().sign_up(BEN)
    said = []
    for address in (BEN, "new@other.example"):
        page = curator.post("/settings/invitations", email=address).text
        said.append(re.sub(r"/join/[\w-]+|invitation-\d+|value=\"\d+\"", "", page).replace(address, "…"))
        Invitation.objects.all().delete()
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "email", ["x", "a@b", "<script>@lab.example", "a" * 250 + "@lab.example", f"{ADA}\nBcc: {BEN}"]
)
def test_an_invitation_for_what_is_no_address_is_refused(curator, email):
    said = curator.post("/settings/invitations", email=email)
    assert said.status_code == 422
    assert "<script>" not in said.text
    assert not Invitation.objects.exists()
