"""Handing mail over: to a relay by SMTP, over a connection that is kept, or into a folder."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.mail.utils import DNS_NAME

from broadsheet.accounts.mail import PORTS, folder_of_mail
from broadsheet.accounts.settings import access_settings
from broadsheet.digests.failures import Reply, Step

CONNECT_SECONDS = 30
# RFC 5321, 4.5.3.2.6: so long the other side may think about a mail.
ANSWER_SECONDS = 600
GO_ON, DONE, FORWARDED, CLOSING = 354, 250, 251, 421


class Line(Protocol):
    """Where mails are handed over, one after the other."""

    def hand_over(self, sender: str, recipient: str, content: bytes, *, name: str) -> Reply:
        """What was said to the mail; raises nothing."""

    def close(self) -> None:
        """Say goodbye."""


def line() -> Line:
    """A new line to where mail goes by SMTP_URL."""
    url = urlsplit(access_settings().smtp_url.get_secret_value())
    return Folder() if url.scheme == "file" else Relay(url)


class Folder:
    """A folder that gets a file a mail. A mail that is handed over again has the name that it had."""

    def hand_over(self, sender: str, recipient: str, content: bytes, *, name: str) -> Reply:
        """Write the file; it has its name when it is whole."""
        del sender, recipient
        file = folder_of_mail() / f"{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}.eml"
        unfinished = file.with_name(f".{file.name}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(content)
            unfinished.replace(file)
        except OSError as problem:
            return Reply(0, f"{problem.strerror}", Step.CONNECT)
        return Reply(DONE, "written")

    def close(self) -> None:
        """Nothing is open."""


class Relay:
    """A connection to a relay, made when the first mail comes and again where it was lost."""

    def __init__(self, url: SplitResult) -> None:
        """Remember where the relay is."""
        self._url = url
        self._smtp: smtplib.SMTP | None = None
        self._step = Step.CONNECT

    def hand_over(self, sender: str, recipient: str, content: bytes, *, name: str) -> Reply:
        """Say the mail to the relay. A connection that was lost while it was idle is made anew."""
        del name
        was_open = self._smtp is not None
        reply = self._said(sender, recipient, content)
        if was_open and self._smtp is None and reply.step == Step.CONNECT:
            reply = self._said(sender, recipient, content)
        return reply

    def close(self) -> None:
        """Say goodbye, and do not mind whether anybody listens."""
        if self._smtp:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def _said(self, sender: str, recipient: str, content: bytes) -> Reply:
        self._step = Step.CONNECT
        try:
            return self._talk(self._connected(), sender, recipient, content)
        except (smtplib.SMTPException, OSError, ValueError) as problem:
            self._drop()
            return _lost(problem, self._step)

    def _talk(self, smtp: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Reply:
        if (reply := _reply(smtp.docmd("MAIL", f"FROM:<{sender}>"), Step.CONNECT)).code != DONE:
            return self._refused(reply)
        self._step = Step.RECIPIENT
        reply = _reply(smtp.docmd("RCPT", f"TO:<{recipient}>"), Step.RECIPIENT)
        if reply.code not in {DONE, FORWARDED}:
            return self._refused(reply)
        if (reply := _reply(smtp.docmd("DATA"), Step.CONTENT)).code != GO_ON:
            return self._refused(reply)
        self._step = Step.CONTENT
        smtp.send(_dotted(content))
        reply = _reply(smtp.getreply(), Step.CONTENT)
        if reply.code in {0, CLOSING}:
            self._drop()
        return reply

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            smtp = _opened(self._url)
            assert isinstance(smtp.sock, socket.socket)
            smtp.sock.settimeout(ANSWER_SECONDS)
            self._smtp = smtp
        return self._smtp

    def _refused(self, reply: Reply) -> Reply:
        """The reply, with the connection ready for the next mail."""
        try:
            if self._smtp is None or reply.code in {0, CLOSING}:
                raise smtplib.SMTPServerDisconnected
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return reply

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
            self._smtp = None


def _opened(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    name = DNS_NAME.get_fqdn()
    if url.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, local_hostname=name, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(host, port, local_hostname=name, timeout=CONNECT_SECONDS)
    if url.scheme == "smtp+starttls":
        smtp.starttls(context=ssl.create_default_context())
    if url.username:
        smtp.login(unquote(url.username), unquote(url.password or ""))
    else:
        smtp.ehlo_or_helo_if_needed()
    return smtp


def _dotted(content: bytes) -> bytes:
    """The content as it is sent: no line of it ends the mail but the last."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    if dotted.startswith(b"."):
        dotted = b"." + dotted
    return dotted + (b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n")


def _lost(problem: Exception, step: Step) -> Reply:
    """What a broken talk comes to. What the exceptions of the library say may name the recipient."""
    if isinstance(problem, ValueError):
        return Reply(553, "5.6.7 the address has letters that the relay does not take", Step.RECIPIENT)
    if isinstance(problem, smtplib.SMTPResponseException):
        return Reply(max(problem.smtp_code, 0), _text(problem.smtp_error), Step.CONNECT)
    said = problem.strerror if isinstance(problem, OSError) else ""
    return Reply(0, said or type(problem).__name__, step)


def _reply(said: tuple[int, bytes], step: Step) -> Reply:
    code, text = said
    return Reply(max(code, 0), _text(text), step)


def _text(text: bytes | str) -> str:
    return " ".join((text.decode("utf-8", "replace") if isinstance(text, bytes) else text).split())
