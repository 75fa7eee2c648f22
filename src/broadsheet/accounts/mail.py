"""Where mail goes: to a relay by SMTP, or into a folder, a file a mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from broadsheet.accounts.settings import AccessSettings, access_settings
from broadsheet.configured import Instance, instance

log = structlog.get_logger(__name__)
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# A relay that says nothing for so long is away. At most so many threads talk to it at once: the others go on
# with pages.
SECONDS = 8
_LINES = BoundedSemaphore(2)
NOT_SENT = "The mail could not be sent just now, so no code is on its way. Try again in a few minutes."


class NotSentError(Exception):
    """A mail could not be handed over; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(NOT_SENT)


@contextmanager
def handing_over() -> Iterator[None]:
    """Talk to where mail goes. Raises NotSentError where it is away, or too many talk to it already."""
    if not _LINES.acquire(timeout=1):
        raise NotSentError
    try:
        yield
    except OSError as problem:
        # What the relay said may name the address.
        log.warning("a mail could not be sent", reason=problem.strerror or type(problem).__name__)
        raise NotSentError from problem
    finally:
        _LINES.release()


def mail_settings(config: AccessSettings) -> dict[str, Any]:
    """What Django is told of the address in SMTP_URL."""
    assert isinstance(config, Instance)
    url = urlsplit(config.smtp_url.get_secret_value())
    host = urlsplit(config.site_url).hostname or "localhost"
    sender = {"DEFAULT_FROM_EMAIL": config.mail_from or f"broadsheet@{host}"}
    if not url.scheme:
        return sender | {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if url.scheme == "file":
        return sender | {"EMAIL_BACKEND": "broadsheet.accounts.mail.Folder"}
    return sender | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or PORTS[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_TIMEOUT": SECONDS,
    }


def folder_of_mail() -> Path:
    """Where the files of mails go that SMTP_URL has put into a folder."""
    return Path(unquote(urlsplit(access_settings().smtp_url.get_secret_value()).path))


def why_no_mail() -> str:
    """Why nobody can sign in by mail here; empty where it works."""
    if not access_settings().smtp_url.get_secret_value():
        return "This site sends no mail: BROADSHEET_SMTP_URL names no relay."
    if not instance().site_url:
        return "This site sends no mail with links: BROADSHEET_SITE_URL does not say where it is."
    return ""


class Folder(BaseEmailBackend):
    """Writes each mail to a file of its own, which has its name when it is whole."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were written. Raises OSError."""
        folder = folder_of_mail()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{secrets.token_hex(8)}.eml"
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            unfinished.replace(folder / name)
        return len(email_messages)
