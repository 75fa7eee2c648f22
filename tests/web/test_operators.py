"""Django's admin: for operators, to look things up and to give roles."""

from __future__ import annotations

import re

import pytest
from tests.community.moderated import NOW, a_comment, somebody, viewer

from broadsheet.accounts import tokens
from broadsheet.accounts.models import Person
from broadsheet.community import deeds
from broadsheet.community.models import Comment, Deed

pytestmark = pytest.mark.django_db
PAGES = (
    "/admin/",
    "/admin/accounts/person/",
    "/admin/community/comment/",
    "/admin/community/deed/",
    "/admin/login/",
    "/admin/community/",
)
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def enter(client):
    def enter(handle: str, role: str) -> Person:
        person = viewer(handle, role).person
        client.force_login(person)
        return person

    return enter


@pytest.mark.parametrize("role", ["", "reader", "curator", "moderator"])
def test_to_everybody_else_there_is_no_admin(client, enter, role):
    if role:
        enter("ada", role)
    for address in PAGES:
        assert client.get(address).status_code == 404, address
        assert client.post(address, headers=HERE).status_code == 404, address


def test_a_token_opens_no_admin(client):
    _, text = tokens.make(somebody("op", "operator"), name="all", scopes=["read", "moderate"], now=NOW)
    assert client.get("/admin/", headers={"Authorization": f"Bearer {text}"}).status_code == 404


def test_an_operator_looks_things_up_under_the_policy_of_all_pages(client, enter):
    enter("op", "operator")
    comment = a_comment(somebody("bea"))
    deeds.log(None, "hide", "comment", comment.pk, reason="So.", now=NOW)
    for address in (
        *PAGES[:4],
        f"/admin/community/comment/{comment.pk}/change/",
        f"/admin/accounts/person/{comment.person_id}/change/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        html = answer.content.decode()
        assert not re.search(
            r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son\w+=", html
        ), address
        for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
            assert client.get(file).status_code == 200, file


def test_nothing_is_added_changed_or_deleted_there(client, enter):
    enter("op", "operator")
    comment = a_comment(somebody("bea"))
    deed = deeds.log(None, "hide", "comment", comment.pk, reason="So.", now=NOW)
    for table, pk in (
        ("community/comment", comment.pk),
        ("community/deed", deed.pk),
        ("accounts/person", comment.person_id),
    ):
        assert client.post(f"/admin/{table}/{pk}/delete/", {"post": "yes"}, headers=HERE).status_code == 403
        assert client.post(f"/admin/{table}/add/", {}, headers=HERE).status_code == 403
        client.post(
            f"/admin/{table}/",
            {"action": "delete_selected", "_selected_action": [pk], "post": "yes"},
            headers=HERE,
        )
    assert (
        client.post(
            f"/admin/community/comment/{comment.pk}/change/", {"source": "x"}, headers=HERE
        ).status_code
        == 403
    )
    assert (Comment.objects.count(), Deed.objects.count(), Person.objects.count()) == (1, 1, 2)
    assert Comment.objects.get().source == "I *doubt* it."


def test_a_role_is_given_and_that_is_a_deed(client, enter):
    op, bea = enter("op", "operator"), somebody("bea")
    form = {"role": "moderator", "handle": "root", "email": "a@b.example", "suspended_until_0": "2027-01-01"}
    assert client.post(f"/admin/accounts/person/{bea.pk}/change/", form, headers=HERE).status_code == 302
    bea.refresh_from_db()
    assert (bea.role, bea.handle, bea.email) == ("moderator", "bea", None)
    deed = Deed.objects.get()
    assert (deed.actor, deed.verb, deed.about, deed.before) == (op.pk, "promote", bea.pk, {"role": "reader"})
    assert (
        client.post(f"/admin/accounts/person/{op.pk}/change/", {"role": "reader"}, headers=HERE).status_code
        == 403
    )
    op.refresh_from_db()
    assert op.role == "operator"
