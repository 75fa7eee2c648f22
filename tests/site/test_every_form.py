"""What holds of every form of our pages, whoever wrote its view."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import Resolver404, resolve
from tests.site.every_form import FORMS, OURS, send, signed_in, stored, world
from tests.site.test_protecting import PAGES
from tests.web.press import SUNDAY

from broadsheet.accounts.models import Person

pytestmark = pytest.mark.django_db
OWN = [form for form in FORMS if form.own]
# They change nothing that is stored here, or are no form of a person's deed.
READS = {"/settings/export", "/settings/stay", "/papers/ask"}
FOREIGN = [
    {},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.fixture(autouse=True)
def _sunday(settings, tmp_path):
    changes = {"access": "invitation", "data": tmp_path, "limits": "off", "sources": "arxiv"}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changes)
    with time_machine.travel(SUNDAY + timedelta(minutes=1), tick=False):
        yield


def view_of(address: str) -> str:
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""


def test_every_address_that_takes_a_form_has_one_here(client):
    # It has gaps of sources fetched, for whoever asks; its own tests are with the page of the status.
    known = {"fetch_again"} | {view_of(re.sub("{.*?}", "1", form.address)) for form in FORMS}
    for address in PAGES:
        view = view_of(address)
        if address.startswith(("/accounts/", "/admin/")) or not view:
            continue
        status = client.post(address, headers=OURS).status_code
        assert status in {301, 404, 405} or view in known, address


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_does_something_for_who_may_send_it(form):
    keys = world()
    before = stored()
    answer = send(signed_in("bea", **OURS), form, keys)
    assert answer.status_code in {200, 302, 303}
    if answer.streaming:
        answer.close()
    assert form.address in READS or stored() != before


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_of_another_site_does_nothing(form):
    keys = world()
    before = stored()
    for headers in FOREIGN:
        assert send(signed_in("bea"), form, keys, **headers).status_code == 403
    assert stored() == before


@pytest.mark.parametrize("form", [form for form in FORMS if not form.anyway], ids=str)
def test_who_is_suspended_is_told_until_when_and_does_nothing(form):
    keys = world()
    until = SUNDAY + timedelta(days=7)
    Person.objects.filter(handle="bea").update(suspended_until=until)
    before = stored()
    answer = send(signed_in("bea", **OURS), form, keys)
    assert stored() == before
    if form.address.startswith(("/moderation", "/admin")):
        assert answer.status_code == 404
    else:
        assert answer.status_code in {400, 403}
        assert "suspended: you may only read until 29 November 2026, 09:00 UTC." in answer.content.decode()


@pytest.mark.parametrize("role", ["", "reader", "curator", "moderator", "operator"])
@pytest.mark.parametrize("form", OWN, ids=str)
def test_a_thing_of_somebody_else_is_not_there(form, role):
    if role in {"moderator", "operator"} and "held" in form.address:
        return  # What is held is for moderators, too.
    keys = world()
    Person.objects.filter(handle="ada").update(role=role or "reader")
    stranger = signed_in("ada", **OURS) if role else Client(headers=OURS)
    before = stored()
    answer = send(stranger, form, keys)
    assert stored() == before
    is_closed = "invitation" in form.address and role == "reader"
    assert answer.status_code in ({302, 303, 403, 404} if not role or is_closed else {404})
