"""A post office on this machine: it takes mail by SMTP, and answers as a test wants."""

from __future__ import annotations

import logging
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.ports import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)

Answer = Callable[["Office", str, bytes], str]


def accept(office: Office, recipient: str, content: bytes) -> str:
    del office, recipient, content
    return "250 taken"


def identity(mail: bytes) -> str:
    """The Message-ID."""
    found = re.search(rb"^Message-ID: (\S+)", mail, re.MULTILINE)
    assert found
    return found[1].decode()


@dataclass
class Office:
    """What has come, by recipient; `at_recipient` and `at_content` answer RCPT and the end of the mail."""

    at_recipient: Answer = accept
    at_content: Answer = accept
    boxes: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    senders: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    asked: int = 0
    # Who has asked before, and how often a last reply is lost, of so many mails.
    known: set[str] = field(default_factory=set)
    loses: float = 0.0
    lost: int = 0
    url: str = ""
    chance: random.Random = field(default_factory=lambda: random.Random(14))

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        self.asked += 1
        answer = self.at_recipient(self, address, b"")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        (recipient,), content = envelope.rcpt_tos, envelope.content
        assert isinstance(content, bytes)
        answer = self.at_content(self, recipient, content)
        if answer.startswith("2"):
            self.boxes[recipient].append(content)
            self.names.add(identity(content))
            self.senders.append(str(envelope.mail_from))
            if self.chance.random() < self.loses:
                self.lost += 1
                server.transport.abort()
        return answer

    def mails(self, recipient: str) -> list[EmailMessage]:
        return [message_from_bytes(one, policy=policy.default) for one in self.boxes[recipient]]


@contextmanager
def open_office() -> Iterator[Office]:
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        office.url = f"smtp://127.0.0.1:{controller.port}"
        yield office
    finally:
        controller.stop()
