"""What an operator may set about people: who may come in, how they sign in, and how much each may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

from broadsheet.configured import configured, instance

OFF = "off"
SINGLE, DOMAIN = "single", "domain:"
ACCESSES = (SINGLE, "invitation", "open")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls", "file")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
SECONDS = {"minute": 60, "quarter": 900, "hour": 3600, "day": 86_400}
UNITS = {seconds: unit for unit, seconds in SECONDS.items()} | {900: "quarter of an hour"}
# Seconds of the processor for what is read; forms; papers wanted from arXiv; and what people do.
DEFAULT = (
    "read=20/minute;post=300/minute,5000/day;ask=200/day;enter=30/hour;code=3/quarter;signup=5/hour;"
    "vote=60/minute,300/day;comment=3/minute,30/day;submit=5/day;report=20/day;subscribe=10/hour;confirm=3/day;"
    "channel=30/hour;import=60/hour"
)
# What is counted, as a sentence names one of it and many.
WORDS = {
    "enter": ("attempt to sign in", "attempts to sign in"),
    "code": ("code to one address", "codes to one address"),
    "signup": ("new account from one network", "new accounts from one network"),
    "vote": ("vote", "votes"),
    "comment": ("comment", "comments"),
    "submit": ("submission", "submissions"),
    "report": ("report", "reports"),
    "channel": ("word to a channel", "words to channels"),
    "import": ("import", "imports"),
    "subscribe": ("subscription from one network", "subscriptions from one network"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """So much in a window of so many seconds."""

    amount: int
    seconds: int

    def words(self, kind: str) -> str:
        """The limit for that in words for people, such as "60 votes a minute"."""
        one, many = WORDS[kind]
        unit = UNITS[self.seconds]
        return f"{self.amount:,} {one if self.amount == 1 else many} {'an' if unit == 'hour' else 'a'} {unit}"


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
        description="What may be taken per minute, quarter of an hour, hour or day. By a client: read counts"
        " seconds of the processor, post forms, ask papers wanted from arXiv, enter attempts to sign in,"
        " signup accounts, code mails with a code to one address; with one address all clients together may"
        " have four times as many attempts and codes. subscribe counts how often mail is asked for by a"
        " client, confirm how often one address is asked whether it wants that, by all together. By a person:"
        " vote, comment, submit, report, channel (services and webhooks added or tried), import (files of"
        " libraries, looked at or brought in). What is not named stays as it is; off for no limit, while you"
        " measure.",
    )

    @field_validator("limits")
    @classmethod
    def _readable(cls, value: str) -> str:
        parsed(value)
        return value.strip()


@lru_cache(4)
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
    found = re.fullmatch(r"\s*([1-9]\d{0,8})\s*/\s*(minute|quarter|hour|day)\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no limit; write one as 30/minute, 100/hour or 300/day")
    return Limit(int(found[1]), SECONDS[found[2]])


def limits() -> dict[str, tuple[Limit, ...]]:
    """What a client may take of each kind; a kind that is not there has no limit."""
    return parsed(configured(LimitSettings).limits)


class AccessSettings(BaseModel):
    """Who may come in, and how they sign in."""

    access: str = Field(
        "",
        description="Who has an account: single (you alone, by a link that serve prints), invitation,"
        " domain:lab.example (whoever has a mail address there; several with commas), open. Empty: single"
        " while the site has no public address, else invitation.",
    )
    reading: Literal["public", "members"] = Field(
        "public", description="Who may read: everybody, or members."
    )
    active_days: int = Field(
        3,
        ge=1,
        description="With open access, on how many days people do more than vote until their votes count.",
    )
    oidc_issuer: str = Field("", description="An OpenID Connect provider, such as https://login.example.org.")
    oidc_name: str = Field("your organization", description="What the button to sign in there says.")
    oidc_client_id: str = Field("", description="What that provider calls this site.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it.")
    orcid_client_id: str = Field(
        "", description="What ORCID calls this site; makes signing in by ORCID work."
    )
    orcid_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it.")
    github_client_id: str = Field("", description="What GitHub calls this site; makes signing in there work.")
    github_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it.")
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Where mail goes: smtp://user:password@host:25, smtp+starttls://…:587, smtps://…:465, or"
        " file:///FOLDER for a file a mail. Without it nobody gets mail.",
    )
    mail_from: str = Field(
        "", description="The address that mail comes from; empty for one at the site's host."
    )

    @field_validator("access")
    @classmethod
    def _known_access(cls, value: str) -> str:
        value = value.strip()
        if value in {"", *ACCESSES} or (value.startswith(DOMAIN) and all(domains(value))):
            return value
        raise ValueError("give one of single, invitation, open, or domain:lab.example")

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value())
        if value.get_secret_value() and url.scheme not in MAIL_SCHEMES:
            raise ValueError(f"give an address that begins with {', '.join(MAIL_SCHEMES)} and ://")
        if url.scheme and not (url.path if url.scheme == "file" else url.hostname):
            raise ValueError("the address names no host, such as smtp://localhost:25, or no folder")
        return value


def domains(value: str) -> list[str]:
    """The domains of `domain:…`, in lower case; an empty text for what is none."""
    found = (part.strip().lower().removeprefix("@") for part in value.removeprefix(DOMAIN).split(","))
    return [domain if _DOMAIN.fullmatch(domain) else "" for domain in found]


def access() -> str:
    """Who may have an account, with the default in place of nothing."""
    said = configured(AccessSettings).access
    is_reached = bool(instance().site_url or instance().allowed_hosts)
    return said or ("invitation" if is_reached else SINGLE)


def access_settings() -> AccessSettings:
    """What is set about people."""
    return configured(AccessSettings)
