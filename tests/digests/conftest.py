"""A site that sends mail: to a post office, or into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests import queues
from tests.digests.post import Office, open_office
from tests.digests.site import PUBLIC, Reader

Site = Callable[..., None]


@pytest.fixture
def office(settings, tmp_path: Path) -> Iterator[Office]:
    """A post office, and the site that hands its mail over there."""
    with open_office() as opened:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(
            update={
                "site_url": "https://papers.example.org",
                "data": tmp_path,
                "smtp_url": SecretStr(opened.url),
                "mail_rate": 0,
                "mail_connections": 1,
            }
        )
        settings.DEFAULT_FROM_EMAIL = "digests@papers.example.org"
        yield opened


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """The folder that mails go to."""
    return tmp_path / "mail"


@pytest.fixture
def site(settings, mail: Path, tmp_path: Path) -> Iterator[Site]:
    """Have the site run with those settings; it sends mail and limits nothing unless they say otherwise."""

    def run(**said: object) -> None:
        standard = {"site_url": PUBLIC, "smtp_url": f"file://{mail}", "limits": "off", "access": "open"}
        made = settings.BROADSHEET.model_dump() | standard | {"data": tmp_path} | said
        settings.BROADSHEET = type(settings.BROADSHEET).model_validate(made)
        settings.EMAIL_BACKEND = "broadsheet.accounts.mail.Folder"

    queues.forget()
    run()
    yield run
    queues.forget()


@pytest.fixture
def reader(site: Site, mail: Path) -> Reader:
    """Somebody with a browser and a mailbox."""
    return Reader(mail)
