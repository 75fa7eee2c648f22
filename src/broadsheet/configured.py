"""What an operator set, as each room declares it. This stands below all rooms: each asks for its own part."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import platformdirs
from django.conf import settings
from pydantic import BaseModel, Field, SecretStr

# Of `allowed_hosts`: names and addresses that only a network nearby can give.
NEARBY = "nearby"
Declared = TypeVar("Declared", bound=BaseModel)


class Instance(BaseModel):
    """What every room may know of the instance that it is a part of."""

    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("broadsheet", appauthor=False)),
        description="The data folder: database, index, secret key. Made if it is missing.",
    )
    site_url: str = Field(
        "",
        description="The public address, such as https://papers.example.org; empty while only you read it.",
    )
    site_name: str = Field("Broadsheet", max_length=60, description="The name at the top of each page.")
    allowed_hosts: str = Field(
        "",
        description="Further host names the site answers to, separated by commas; * for any, nearby for"
        " addresses and names that only a local network can have. Without SITE_URL, `--host` means nearby.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="postgres://user:password@host/name; empty for SQLite in the data folder.",
    )


def configured(declared: type[Declared]) -> Declared:
    """The values in force of the settings that a room declared as that class.

    `site.config` makes one object of all of them when Django reads its settings.
    """
    values = settings.BROADSHEET
    assert isinstance(values, declared)
    return values


def instance() -> Instance:
    """What is set of the instance as a whole."""
    return configured(Instance)


def parts(value: str) -> list[str]:
    """The parts of a setting that holds several, separated by commas."""
    return [part.strip() for part in value.split(",") if part.strip()]
