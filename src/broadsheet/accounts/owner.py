"""The one reader of an instance for one: no registration, but a link that works once.

That a request comes from this machine says nothing: other people use it too, a proxy makes everybody local,
and a page of any site can have a browser ask. So whoever has the link is the owner (as with Jupyter).
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest
from pathlib import Path

from broadsheet.accounts.models import Person, Role
from broadsheet.accounts.settings import SINGLE, access

HANDLE = "owner"
FILE = "enter"


def owner(*, now: datetime) -> Person:
    """The owner, made where there is none: the oldest operator."""
    known = Person.objects.filter(role=Role.OPERATOR, left_at=None).order_by("pk").first()
    if known:
        return known
    made, _ = Person.objects.get_or_create(
        handle=HANDLE, defaults={"role": Role.OPERATOR, "joined_at": now, "vouched_at": now}
    )
    return made


def reader() -> Person | None:
    """Whose commands are given on an instance for one; None where there are several readers, or none yet."""
    if access() != SINGLE:
        return None
    return Person.objects.filter(role=Role.OPERATOR, left_at=None).order_by("pk").first()


def make_link_token(folder: Path) -> str:
    """A new secret for the link, in place of the last one; only the owner of the folder can read it."""
    token = secrets.token_urlsafe(32)
    unfinished = folder / f".{FILE}-{secrets.token_hex(4)}"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    unfinished.replace(folder / FILE)
    return token


def use_link_token(folder: Path, token: str) -> bool:
    """Whether this is the secret of the link, which is used up by it: of several at once, one is let in."""
    path = folder / FILE
    with suppress(OSError, UnicodeDecodeError):
        if compare_digest(path.read_text("ascii").encode(), token.encode()):
            mine = folder / f".{FILE}-{secrets.token_hex(4)}"
            path.rename(mine)  # which one of them can
            is_right = compare_digest(mine.read_bytes(), token.encode())
            mine.unlink()
            return is_right
    return False
