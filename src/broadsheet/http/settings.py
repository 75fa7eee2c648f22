"""What an operator may set about how much a client may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, Field, field_validator

from broadsheet.configured import configured

OFF = "off"
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
# Seconds of the processor for what is read; forms; papers wanted from arXiv.
DEFAULT = "read=20/minute;post=300/minute,5000/day;ask=200/day"


@dataclass(frozen=True, slots=True)
class Limit:
    """So much in a window of so many seconds."""

    amount: int
    seconds: int


class LimitSettings(BaseModel):
    """Who a client is, and how much it may take."""

    proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="How many reverse proxies stand before the site. The client is whom the first of them "
        "names in X-Forwarded-For.",
    )
    limits: str = Field(
        DEFAULT,
        description="What a client may take per minute, hour or day: read counts seconds of the processor,"
        " post forms, ask papers wanted from arXiv. What is not named stays as it is; off for no limit,"
        " while you measure.",
    )

    @field_validator("limits")
    @classmethod
    def _readable(cls, value: str) -> str:
        parsed(value)
        return value.strip()


@lru_cache
def parsed(value: str) -> dict[str, tuple[Limit, ...]]:
    """The limits of each kind, defaults included. Raises ValueError in words for the operator."""
    if value.strip() == OFF:
        return {}
    return _read(DEFAULT, DEFAULT) | _read(value, DEFAULT)


def _read(value: str, like: str) -> dict[str, tuple[Limit, ...]]:
    said = {}
    for part in filter(None, (part.strip() for part in value.split(";"))):
        kind, mark, limits = (piece.strip() for piece in part.partition("="))
        if not mark or f"{kind}=" not in like:
            raise ValueError(f"{part!r} limits nothing; write what is to differ from {like}")
        said[kind] = tuple(map(_limit, limits.split(",")))
    return said


def _limit(text: str) -> Limit:
    found = re.fullmatch(r"\s*([1-9]\d{0,8})\s*/\s*(minute|hour|day)\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no limit; write one as 30/minute, 100/hour or 300/day")
    return Limit(int(found[1]), SECONDS[found[2]])


def limits() -> dict[str, tuple[Limit, ...]]:
    """What a client may take of each kind; a kind that is not there has no limit."""
    return parsed(configured(LimitSettings).limits)
