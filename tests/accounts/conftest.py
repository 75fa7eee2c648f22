"""A site that lets people in, its mail in a folder, and people who read that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.accounts.visiting import PUBLIC, Visitor

Site = Callable[..., None]


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """The folder that mails go to."""
    return tmp_path / "mail"


@pytest.fixture
def site(settings, mail: Path) -> Site:
    """Have the site run with those settings; it sends mail and limits nothing unless they say otherwise."""

    def run(**said: object) -> None:
        standard = {"site_url": PUBLIC, "smtp_url": f"file://{mail}", "limits": "off", "access": "open"}
        made = settings.BROADSHEET.model_dump() | standard | said
        settings.BROADSHEET = type(settings.BROADSHEET).model_validate(made)
        settings.EMAIL_BACKEND = "broadsheet.accounts.mail.Folder"

    run()
    return run


@pytest.fixture
def visitor(site: Site, mail: Path) -> Callable[..., Visitor]:
    """Somebody with a browser of their own: `visitor()`."""

    def new(**environ: str) -> Visitor:
        return Visitor(Client(headers={"Sec-Fetch-Site": "same-origin"}, **environ), mail)

    return new
