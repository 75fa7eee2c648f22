"""The headers of a mail, as bytes: what one click unsubscribes by is on one line, whatever its length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.configured import instance
from broadsheet.digests.letters.wording import clean
from broadsheet.digests.links import code

# No text in quoted-printable has it.
BOUNDARY = "=_broadsheet_="
_PLAIN = frozenset(map(chr, range(0x20, 0x7F)))
# A phrase of these needs no quotes (RFC 5322, atoms and blanks).
_ATOMS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ")


def host() -> str:
    """The name of the host that this site is at."""
    return urlsplit(instance().site_url).hostname or "localhost"


def message_id(*of: object) -> str:
    """The name of the mail that all of this tells apart: nobody learns from it what it was made of."""
    said = "\n".join(map(str, of)).encode()
    return f"{code('letters', said, settings.SECRET_KEY).hex()[:32]}@{host()}"


def written(headers: Iterable[tuple[str, str]]) -> bytes:
    """The headers, and the empty line behind them."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n"


def usual(address: str, subject: str, *, at: datetime, message_id: str) -> Iterator[tuple[str, str]]:
    """What every mail of ours begins with."""
    yield "From", sender()
    yield "To", to(address)
    yield "Subject", unstructured("Subject", subject)
    yield "Date", format_datetime(at)
    yield "Message-ID", f"<{message_id.strip('<>')}>"
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"'
    yield "Content-Language", "en"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"


def of_list(kind: str, *, unsubscribe: str, manage: str) -> Iterator[tuple[str, str]]:
    """What a mail that comes again and again says of that (RFC 2369, 2919, 8058)."""
    yield "List-Unsubscribe", f"<{unsubscribe}>"
    yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "List-Help", f"<{manage}>"
    site = instance()
    yield from _of_site(kind, site.site_name, site.site_url, settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _of_site(kind: str, name: str, url: str, sender: str) -> Sequence[tuple[str, str]]:
    return (
        ("List-Id", f"{phrase(name)} <{kind}.{urlsplit(url).hostname or 'localhost'}>"),
        ("List-Archive", f"<{url}/>"),
        ("List-Owner", f"<mailto:{_address(sender)}>"),
        ("List-Post", "NO"),
        ("Precedence", "bulk"),
        ("Feedback-ID", f"{kind}:mail:broadsheet"),
    )


def body(text: bytes, html: bytes) -> bytes:
    """Both parts of a mail, the text first."""
    return _opened("plain") + text + _opened("html") + html + f"\r\n--{BOUNDARY}--\r\n".encode()


def _opened(kind: str) -> bytes:
    of_part = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return f"\r\n--{BOUNDARY}\r\n{of_part}\r\n\r\n".encode()


def sender() -> str:
    """Who a mail is from: the site by its name."""
    return f"{phrase(instance().site_name)} <{sender_address()}>"


def sender_address() -> str:
    """The address that mail comes from, without a name before it."""
    return _address(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _address(said: str) -> str:
    return to(parseaddr(said)[1])


@lru_cache(maxsize=64)
def phrase(text: str) -> str:
    """A name before an address."""
    text = clean(text)
    if set(text) <= _ATOMS:
        return text
    if set(text) <= _PLAIN:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return unstructured("From", text)


def to(address: str) -> str:
    """An address as it stands in a header: the name of its host in letters of ASCII."""
    local, _, domain = clean(address).replace(" ", "").rpartition("@")
    return f"{local}@{domain.encode('idna').decode() if not domain.isascii() else domain}"


@lru_cache(maxsize=1024)
def unstructured(name: str, text: str) -> str:
    """The text of a header; in encoded words (RFC 2047) where it is not plain."""
    text = clean(text)
    if set(text) <= _PLAIN and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
