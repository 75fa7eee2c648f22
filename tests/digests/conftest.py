"""A site with an address and a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.digests.post import Office, open_office


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
