"""Somebody who comes to the site by forms and reads the mail that it sends."""

from __future__ import annotations

import email
import re
from email.policy import default
from pathlib import Path
from typing import Any

from django.test import Client

PUBLIC = "https://papers.example"
ADA, BEN = "ada@lab.example", "ben@other.example"
_CODE = re.compile(r"^([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{3}-?[A-Z0-9]{3})$", re.MULTILINE)


class Mailbox:
    """Where all mail goes that the site sends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mails(self) -> list[Any]:
        """The mails that were sent, in order."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def last(self) -> str:
        """What the last mail says."""
        return str(self.mails()[-1].get_content())

    def code(self) -> str:
        """The code in the last mail."""
        found = _CODE.search(self.last().replace("\r", ""))
        assert found, self.last()
        return found[1]


class Visitor(Mailbox):
    """A browser without script, and the mailbox."""

    def __init__(self, client: Client, folder: Path) -> None:
        super().__init__(folder)
        self.client = client

    def get(self, address: str, **options: Any) -> Any:
        return self.client.get(address, **options)

    def post(self, address: str, follow: bool = True, **fields: Any) -> Any:
        return self.client.post(address, fields, follow=follow)

    def sign_up(self, address: str = ADA) -> Any:
        """Ask for an account, and give the code."""
        self.post("/accounts/signup/", email=address)
        return self.post("/accounts/confirm-email/", code=self.code())

    def sign_in(self, address: str = ADA) -> Any:
        """Ask for a code, and give it."""
        self.post("/accounts/login/", login=address)
        return self.post("/accounts/login/code/confirm/", code=self.code())

    def is_in(self) -> bool:
        """Whether the settings open."""
        return bool(self.get("/settings").status_code == 200)
