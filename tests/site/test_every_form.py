"""What holds of every form of our pages, whoever wrote its view."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from tests.site.every_form import FORMS, OURS, Form, send, signed_in, stored, world
from tests.site.test_protecting import PAGES
from tests.web.press import SUNDAY

from broadsheet.accounts.models import Person

pytestmark = pytest.mark.django_db
# They change nothing that is stored here, or are no form of a person's deed.
READS = {"/settings/export", "/settings/stay", "/papers/ask"}
FOREIGN = [
    {},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.fixture
def _sunday(settings, tmp_path):
    changes = {"access": "invitation", "data": tmp_path, "limits": "off", "sources": "arxiv"}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changes)
    with time_machine.travel(SUNDAY + timedelta(minutes=1), tick=False):
        yield


class UndoError(Exception):
    """Takes back what was done."""


@dataclass
class Outcome:
    """What came of a form that was sent, and then undone."""

    status: int
    said: str
    stored: dict


def sent(form: Form, keys: dict[str, int], *, by: str = "bea", headers: dict[str, str] = OURS) -> Outcome:
    """What comes of the form in a browser of theirs; `by` is empty for a stranger."""
    with contextlib.suppress(UndoError), transaction.atomic():
        answer = send(signed_in(by) if by else Client(), form, keys, **headers)
        said = "" if answer.streaming else answer.content.decode()
        answer.close()
        outcome = Outcome(answer.status_code, said, stored())
        raise UndoError
    return outcome


@pytest.fixture
def keys(_sunday) -> dict[str, int]:
    return world()


def view_of(address: str) -> str:
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""


def test_every_address_that_takes_a_form_has_one_here(keys):
    bea = signed_in("bea", **OURS)
    # These are not of what a person does here; their own tests are with the status and with digests.
    known = {"fetch_again", "subscribe", "unsubscribe", "mail", "operator_mail"} | {
        view_of(re.sub("{.*?}", "1", form.address)) for form in FORMS
    }
    for address in PAGES:
        there = address.replace("s/ada-vale", "s/author-a-of-1" if "authors" in address else "s/mira")
        view = view_of(there)
        if there.startswith(("/accounts/", "/admin/")) or not view:
            continue
        answer = bea.post(there, {"comment": "x"})
        answer.close()
        assert answer.status_code in {301, 404, 405} or view in known, there


# What no form has a field for.
EXTRA = {
    "role": "operator", "is_staff": "1", "is_superuser": "1", "kind_of": "bot", "owner": "1", "vouched_at": "2026-01-01",
    "suspended_until": "", "email_verified": "1", "person": "{ada}", "person_id": "{ada}", "state": "visible",
    "via": "api", "is_by_agent": "1", "why_not": "", "counted": "1", "helpful": "99", "decided_by": "{ada}",
    "joined_at": "2020-01-01", "active_days": "99",
}  # fmt: skip
RULED = {
    "Person": (
        "role",
        "kind",
        "owner_id",
        "vouched_at",
        "suspended_until",
        "joined_at",
        "active_days",
        "email",
    ),
    "Comment": ("person_id", "via", "is_by_agent", "helpful", "upheld"),
    "Vote": ("person_id", "via", "is_by_agent", "why_not"),
    "Submission": ("person_id", "via", "is_by_agent", "decided_by_id", "state"),
    "Claim": ("person_id", "proof", "state", "decided_by_id"),
    "Deed": ("actor", "verb", "target", "about"),
}


@pytest.mark.thorough
def test_a_form_sets_nothing_that_it_has_no_field_for(keys):
    for form in FORMS:
        if "role" in form.fields:
            continue
        more = replace(form, fields=EXTRA | form.fields)
        plain, planted = (
            [
                [row[name] for name in names]
                for table, names in RULED.items()
                for row in sent(one, keys).stored[table]
            ]
            for one in (form, more)
        )
        assert plain == planted, form


def test_a_form_does_something_for_who_may_send_it(keys):
    before = stored()
    for form in FORMS:
        outcome = sent(form, keys)
        assert outcome.status in {200, 302, 303}, form
        assert form.address in READS or outcome.stored != before, form


def test_a_form_of_another_site_does_nothing(keys):
    before = stored()
    for form in FORMS:
        for headers in FOREIGN:
            outcome = sent(form, keys, headers=headers)
            assert (outcome.status, outcome.stored == before) == (403, True), (form, headers)


def test_who_is_suspended_is_told_until_when_and_does_nothing(keys):
    Person.objects.filter(handle="bea").update(suspended_until=SUNDAY + timedelta(days=7))
    before = stored()
    for form in FORMS:
        outcome = sent(form, keys)
        if form.anyway:
            continue
        assert outcome.stored == before, form
        if form.address.startswith(("/moderation", "/admin")):
            assert outcome.status == 404, form
        else:
            assert outcome.status in {400, 403}, form
            assert "suspended: you may only read until 29 November 2026, 09:00 UTC." in outcome.said, form


@pytest.mark.parametrize("role", ["", "reader", "curator", "moderator", "operator"])
def test_a_thing_of_somebody_else_is_not_there(keys, role):
    Person.objects.filter(handle="ada").update(role=role or "reader")
    before = stored()
    for form in FORMS:
        # What is held is for moderators, too.
        if not form.own or (role in {"moderator", "operator"} and "held" in form.address):
            continue
        outcome = sent(form, keys, by="ada" if role else "")
        is_closed = "invitation" in form.address and role == "reader"
        assert outcome.stored == before, form
        assert outcome.status in ({302, 303, 403, 404} if not role or is_closed else {404}), form
