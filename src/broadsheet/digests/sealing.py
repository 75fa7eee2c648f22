"""Secrets of channels at rest: sealed with keys that are derived from the secret key of the site.

With a new secret key and the one before it both given, what was sealed with the old one is still opened, and
`rotated` seals it with the new one.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import transaction

from broadsheet.digests.links import key_for, secret_keys
from broadsheet.digests.models import Channel

_COLUMNS = ("target", "key")


class SealError(ValueError):
    """What is sealed cannot be opened with the keys that are given; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "This was sealed with another secret key: give that one as BROADSHEET_OLD_SECRET_KEY, and run"
            " `broadsheet digest rotate`."
        )


def sealed(text: str) -> bytes:
    """The secret as it is stored."""
    return _keys().encrypt(text.encode())


def opened(stored: bytes | memoryview) -> str:
    """The secret that was stored so. Raises SealError."""
    try:
        return _keys().decrypt(bytes(stored)).decode()
    except InvalidToken as problem:
        raise SealError from problem


@transaction.atomic
def rotate() -> tuple[int, int]:
    """Seal with the secret key of now what was sealed with the one before. How many channels have secrets
    that are sealed with the key of now, and how many cannot be opened at all.
    """
    good = lost = 0
    for channel in Channel.objects.exclude(target=b"").select_for_update().order_by("pk"):
        try:
            for column in _COLUMNS:
                stored = bytes(getattr(channel, column))
                setattr(channel, column, _keys().rotate(stored) if stored else b"")
        except InvalidToken:
            lost += 1
            continue
        channel.save(update_fields=_COLUMNS)
        good += 1
    return good, lost


def unopenable() -> int:
    """How many channels have secrets that no given key opens."""
    targets = Channel.objects.exclude(target=b"").values_list("target", flat=True)
    return sum(not _opens(target) for target in targets)


def _opens(stored: bytes | memoryview) -> bool:
    try:
        opened(stored)
    except SealError:
        return False
    return True


def _keys() -> MultiFernet:
    return _made(secret_keys())


@lru_cache(4)
def _made(secret_keys: tuple[str, ...]) -> MultiFernet:
    """The first key seals; all of them open."""
    keys = (base64.urlsafe_b64encode(key_for("sealing", secret)) for secret in secret_keys)
    return MultiFernet([Fernet(key) for key in keys])
