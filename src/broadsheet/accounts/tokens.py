"""Tokens of programs: made, found again by what was shown once, and revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from broadsheet.accounts.access import SCOPES
from broadsheet.accounts.models import NAME_LENGTH, Person, Token

# So that programs which look for secrets in source code find one (as GitHub asks of who makes tokens).
PREFIX = "bs_"
SHOWN = len(PREFIX) + 8
MOST_DAYS = 3650


class TokenError(ValueError):
    """A token cannot be made so; the message says why."""


def make(
    person: Person,
    *,
    name: str,
    scopes: Collection[str],
    now: datetime,
    days: int | None = None,
    is_agent: bool = False,
    publishes: bool = False,
) -> tuple[Token, str]:
    """A new token, with the text that is shown once. Raises TokenError."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        said = f"There is no scope {unknown[0]!r}" if unknown else "A token needs a scope"
        raise TokenError(f"{said}; these are: {', '.join(SCOPES)}.")
    if not 0 < len(name.strip()) <= NAME_LENGTH:
        raise TokenError(f"A token needs a name of at most {NAME_LENGTH} characters.")
    if days is not None and not 0 < days <= MOST_DAYS:
        raise TokenError(f"A token is good for 1 to {MOST_DAYS} days.")
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        start=text[:SHOWN],
        digest=digest(text),
        scopes=[scope for scope in SCOPES if scope in scopes],
        is_agent=is_agent,
        publishes=publishes,
        made_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return token, text


def find(text: str, *, now: datetime) -> Token | None:
    """The token of that text, while it is good; that it was used is written down once a day."""
    if not text.startswith(PREFIX):
        return None
    token = Token.objects.select_related("person").filter(digest=digest(text)).first()
    if token is None or not token.is_good(now=now) or not token.person.is_active:
        return None
    if not token.was_used_on(now.date()):
        Token.objects.filter(pk=token.pk).update(used_on=now.date())
    return token


def revoke(person: Person, key: str, *, now: datetime) -> bool:
    """End a token of the person. False where they have none of that key."""
    own = {str(token.pk): token for token in Token.objects.filter(person=person, revoked_at=None)}
    token = own.get(key)
    return token is not None and bool(Token.objects.filter(pk=token.pk).update(revoked_at=now))


def digest(text: str) -> str:
    """What is kept of a secret of 256 random bits: nobody can try them all, so a fast digest does."""
    return hashlib.sha256(text.encode()).hexdigest()
