"""Operators see how mail stands, and stop it; nobody else has such a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pydantic import SecretStr
from tests.people import person

from broadsheet.digests import switch

pytestmark = pytest.mark.django_db
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def operator(client: Client, settings, tmp_path: Path) -> Client:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"site_url": "https://papers.example.org", "smtp_url": SecretStr(f"file://{tmp_path}/mail")}
    )
    client.force_login(person("olga", role="operator"), backend="broadsheet.accounts.sessions.SignIn")
    return client


def test_to_everybody_but_operators_there_is_no_such_page(client: Client):
    assert client.get("/operator").status_code == 404
    client.force_login(person("mo", role="moderator"), backend="broadsheet.accounts.sessions.SignIn")
    assert client.get("/operator").status_code == 404
    assert client.post("/operator/mail", {"act": "pause"}, headers=HERE).status_code == 404
    assert not switch.is_paused()


def test_an_operator_pauses_mail_and_lets_it_go_again(operator: Client):
    assert "Pause all sending" in operator.get("/operator").content.decode()
    assert operator.post("/operator/mail", {"act": "pause"}, headers=HERE).status_code == 303
    assert "Nothing is sent since" in operator.get("/operator").content.decode()
    assert switch.is_paused()
    operator.post("/operator/mail", {"act": "resume"}, headers=HERE)
    assert not switch.is_paused()


def test_an_operator_tries_whether_mail_arrives(operator: Client, tmp_path: Path):
    said = operator.post(
        "/operator/mail", {"act": "test", "address": "olga@lab.example"}, headers=HERE
    ).content.decode()
    assert "The relay took it" in said
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    said = operator.post(
        "/operator/mail", {"act": "test", "address": "<b>nobody"}, headers=HERE
    ).content.decode()
    assert "is no mail address" in said
    assert "<b>nobody" not in said


def test_monitors_see_how_mail_stands(client: Client):
    switch.pause("to try", now=timezone.now())
    said = client.get("/metrics").content.decode()
    assert "broadsheet_digests_paused 1.0" in said
    assert 'broadsheet_digests{state="due"} 0.0' in said
