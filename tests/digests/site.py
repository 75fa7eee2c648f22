"""A site that sends mail into a folder, and people who read that."""

from __future__ import annotations

import email
import re
from email.policy import default
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

PUBLIC = "https://papers.example"
ADA, BEN = "ada@lab.example", "ben@other.example"
FORM = {"topic": "trending", "cadence": "daily"}


class Reader:
    """A browser without script, and a mailbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = Client(headers={"Sec-Fetch-Site": "same-origin"})

    def get(self, page: str, **options: Any) -> Any:
        return self.client.get(page.removeprefix(PUBLIC), **options)

    def post(self, page: str, **fields: Any) -> Any:
        return self.client.post(page.removeprefix(PUBLIC), fields)

    def ask(self, address: str = ADA, **more: Any) -> Any:
        """Ask for mail on the page, and let the worker send what is due."""
        # Imported late: pytest reads conftest.py, which needs this, before Django is set up.
        from broadsheet.digests import confirming

        answer = self.post("/subscribe", **({"address": address} | FORM | more))
        confirming.mail_due(now=timezone.now())
        return answer

    def subscribe(self, address: str = ADA, **more: Any) -> str:
        """Ask for mail, confirm it, and give the address of the page that manages it."""
        self.ask(address, **more)
        return str(self.post(self.link("confirm"))["Location"])

    def mails(self, to: str = "") -> list[Any]:
        """The mails that were sent, in order."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [mail for mail in mails if to in mail["To"]]

    def link(self, to: str) -> str:
        """The link of that kind in the last mail."""
        text = self.mails()[-1].get_body(("plain",)).get_content()
        found = re.search(rf"{PUBLIC}/{to}/[\w-]+", text)
        assert found, text
        return found[0]
