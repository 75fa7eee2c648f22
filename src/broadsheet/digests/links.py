"""Links in mails that act without signing in: a token says which recipient may do what, and no address.

A token is a purpose, the number of a recipient, and a code over both that only this site can make: 24 bytes,
32 characters. It is good as long as its recipient is there. What manages or saves ends with the secret of
the recipient (`made_new`); what only stops mail, or says where a mail bounced, hangs on the first half of it
alone, which stays: a mail of any age can be unsubscribed from.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from enum import Enum
from functools import lru_cache

from django.conf import settings

from broadsheet.configured import instance
from broadsheet.digests.models import Recipient

TOKEN_LENGTH, CODE_BYTES, NUMBER_BYTES = 32, 16, 7
# So many bytes of the secret of a recipient stay as long as they do.
LASTING = 8


class Purpose(Enum):
    """What a link is for; the value is the first byte of its token."""

    MANAGE = b"m"
    UNSUBSCRIBE = b"u"
    SAVE = b"s"
    BOUNCE = b"b"
    # Ends the notices of a person by mail, and no other mail.
    NOTICES = b"n"


# Whoever has such a link can only stop mail.
OUTLIVING = frozenset({Purpose.UNSUBSCRIBE, Purpose.BOUNCE, Purpose.NOTICES})


def token(purpose: Purpose, recipient: Recipient) -> str:
    """The token for that, 32 characters of base64url."""
    known = purpose.value + recipient.pk.to_bytes(NUMBER_BYTES, "big")
    return base64.urlsafe_b64encode(
        known + _code(purpose, known, bytes(recipient.secret), settings.SECRET_KEY)
    ).decode()


def url(purpose: Purpose, recipient: Recipient) -> str:
    """The address of the page for that, with the site before it."""
    return f"{instance().site_url}/{purpose.name.lower()}/{token(purpose, recipient)}"


def unsubscribe_url(purpose: Purpose, recipient: Recipient) -> str:
    """The address that ends what that purpose is about, by one click."""
    return f"{instance().site_url}/unsubscribe/{token(purpose, recipient)}"


def recipient_of(purpose: Purpose, text: str) -> Recipient | None:
    """Whose token for that purpose the text is; None where it is none, or is good no more."""
    try:
        said = base64.b64decode(text.encode("ascii"), b"-_", validate=True)
    except ValueError:
        return None
    known, code = said[:-CODE_BYTES], said[-CODE_BYTES:]
    if len(text) != TOKEN_LENGTH or known[:1] != purpose.value:
        return None
    number = int.from_bytes(known[1:], "big")
    recipient = Recipient.objects.select_related("person").filter(pk=number).first()
    if recipient is None:
        return None
    good = (_code(purpose, known, bytes(recipient.secret), key) for key in secret_keys())
    return recipient if any([hmac.compare_digest(code, one) for one in good]) else None  # noqa: C419 (all of them)


def name_of_bounces(recipient: Recipient) -> str:
    """The token of bounces as a part of an address: in hexadecimal digits, since there some servers change
    the case of letters.
    """
    return base64.urlsafe_b64decode(token(Purpose.BOUNCE, recipient)).hex()


def recipient_of_bounces(name: str) -> Recipient | None:
    """Whose bounces come to that part of an address, written in whatever case."""
    return recipient_of(Purpose.BOUNCE, base64.urlsafe_b64encode(bytes.fromhex(name)).decode())


def made_new(recipient: Recipient) -> None:
    """End all links that manage or save, by a new secret; the next mails have new ones."""
    kept = bytes(recipient.secret)[:LASTING]
    recipient.secret = kept + secrets.token_bytes(16 - LASTING)
    recipient.save(update_fields=["secret"])


def secret_keys() -> tuple[str, ...]:
    """The secret key of the site, and the one before while that is given."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _code(purpose: Purpose, known: bytes, secret: bytes, secret_key: str) -> bytes:
    hangs_on = secret[:LASTING] if purpose in OUTLIVING else secret
    return code("links", known + hangs_on, secret_key)[:CODE_BYTES]


def code(use: str, said: bytes, secret_key: str) -> bytes:
    """What only this site can make of what is said, for that use (HMAC of SHA-256)."""
    made = _begun(use, secret_key).copy()
    made.update(said)
    return made.digest()


@lru_cache(64)
def _begun(use: str, secret_key: str) -> hmac.HMAC:
    """A code over nothing yet: to begin one takes longer than the rest of it."""
    return hmac.new(key_for(use, secret_key), digestmod="sha256")


@lru_cache(8)
def key_for(use: str, secret_key: str) -> bytes:
    """A key of its own for each use of the secret key of the site."""
    return hashlib.sha256(f"{use}:{secret_key}".encode()).digest()
