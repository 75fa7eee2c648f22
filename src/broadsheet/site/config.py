"""The settings an operator may set, each with its default, bounds and a sentence of explanation.

Read in this order, the first wins: environment (`BROADSHEET_NAME`), a file named by
`BROADSHEET_NAME_FILE` (for secrets), `broadsheet.toml` in the data folder, the default.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import platformdirs
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from broadsheet.papers.taxonomy import ALIASES, NAMES

PREFIX = "BROADSHEET_"
# The families of live sources, written here since the settings are read before anything else.
FAMILIES = ("arxiv", "huggingface", "biorxiv", "mirror")


class ConfigError(ImproperlyConfigured):
    """A setting cannot be used; the message names it and says what to do."""


class Config(BaseSettings):
    """All settings of an instance. Field descriptions are the operator's manual (docs/operating.md)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", validate_default=True)
    SECRETS: ClassVar[frozenset[str]] = frozenset({"secret_key", "database_url"})

    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("broadsheet", appauthor=False)),
        description="The data folder: database, index, secret key. Made if it is missing.",
    )
    site_url: str = Field(
        "",
        description="The public address, such as https://papers.example.org; empty while only you read it.",
    )
    site_name: str = Field("Broadsheet", max_length=60, description="The name at the top of each page.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="postgres://user:password@host/name; empty for SQLite in the data folder.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs what the site hands out; made on the first start, kept in the data folder.",
    )
    allowed_hosts: str = Field(
        "",
        description="Further host names the site answers to, separated by commas; * for any.",
    )
    debug: bool = Field(False, description="Show errors in the browser. Never on a public site.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged.")
    page_size: int = Field(
        50, ge=10, le=200, description="Papers on one page of a list; of search results, 25 at most."
    )
    api_quota: int = Field(
        1000,
        ge=0,
        description="How often a client may ask APIs, feeds and exports in 300 seconds; 0 for no limit. "
        "Programs on the same machine are never refused.",
    )
    proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="How many reverse proxies stand before the site. The client is whom the first of them "
        "names in X-Forwarded-For.",
    )
    contact: str = Field(
        "",
        max_length=200,
        description="Your e-mail address, or a page with one: told to the hosts that are asked for papers.",
    )
    sources: str = Field(
        "arxiv,huggingface",
        description="Where new papers are fetched from: arxiv, huggingface, biorxiv, or mirror, which is"
        " another Broadsheet; empty to fetch nothing.",
    )
    categories: str = Field(
        "cs.AI,cs.CL,cs.CV,cs.LG,stat.ML", description="The arXiv categories to follow, separated by commas."
    )
    arxiv_holidays: str = Field(
        "", description="Days on which arXiv announces nothing, such as 2026-12-25, separated by commas."
    )
    arxiv_oai_url: str = Field("https://oaipmh.arxiv.org/oai", description="arXiv's OAI-PMH repository.")
    arxiv_rss_url: str = Field("https://rss.arxiv.org/rss", description="arXiv's lists of the day.")
    arxiv_api_url: str = Field(
        "https://export.arxiv.org/api/query", description="arXiv's API, asked for single papers."
    )
    hf_url: str = Field("https://huggingface.co", description="The site whose Daily Papers are fetched.")
    biorxiv_url: str = Field("https://api.biorxiv.org", description="bioRxiv's API.")
    mirror_url: str = Field("", description="The Broadsheet whose catalogue this one follows as a mirror.")
    dump: bool = Field(
        False, description="Write a public dump of the catalogue each week, and hand it out at /dumps."
    )

    @field_validator("sources")
    @classmethod
    def _known_families(cls, value: str) -> str:
        names = [name.lower() for name in _parts(value)]
        for name in names:
            if name not in FAMILIES:
                raise ValueError(f"{name!r} is no source; there are {', '.join(FAMILIES)}")
        return ",".join(names)

    @field_validator("categories")
    @classmethod
    def _known_categories(cls, value: str) -> str:
        return ",".join(_category(code) for code in _parts(value))

    @field_validator("arxiv_holidays")
    @classmethod
    def _days(cls, value: str) -> str:
        for day in _parts(value):
            try:
                date.fromisoformat(day)
            except ValueError:
                raise ValueError(f"{day!r} is no day; write it as 2026-12-25") from None
        return ",".join(_parts(value))

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+|https?://\S+", value.strip()):
            raise ValueError("give an e-mail address, or the http address of a page with one")
        return value.strip()

    @property
    def families(self) -> tuple[str, ...]:
        """Where new papers are fetched from: names of families of live sources."""
        return tuple(dict.fromkeys(_parts(self.sources)))

    @property
    def followed(self) -> tuple[str, ...]:
        """The arXiv categories to follow, each under its canonical name."""
        return tuple(dict.fromkeys(ALIASES.get(code, code) for code in _parts(self.categories)))

    @property
    def holidays(self) -> frozenset[date]:
        """Days on which arXiv announces nothing."""
        return frozenset(date.fromisoformat(day) for day in _parts(self.arxiv_holidays))

    @field_validator("mirror_url")
    @classmethod
    def _of_somebody(cls, value: str, info: ValidationInfo) -> str:
        if not value and "mirror" in _parts(info.data.get("sources", "")):
            raise ValueError("give the address of the Broadsheet to be a mirror of")
        return value

    @field_validator(
        "site_url",
        "arxiv_oai_url",
        "arxiv_rss_url",
        "arxiv_api_url",
        "hf_url",
        "biorxiv_url",
        "mirror_url",
    )
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("give the whole address, for example https://papers.example.org")
        return value.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the caller passes and the environment: files are read by `load`."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _category(code: str) -> str:
    """The category as arXiv writes it. Raises ValueError with the one that may have been meant."""
    known = {name.lower(): name for name in NAMES}
    if code.lower() in known:
        return known[code.lower()]
    if parts := [name for name in NAMES if name.startswith(f"{code.lower()}.")]:
        raise ValueError(f"{code!r} is an archive of arXiv; name its categories, such as {parts[0]}")
    near = known[get_close_matches(code.lower(), known, n=1, cutoff=0)[0]]
    raise ValueError(f"{code!r} is no category of arXiv; {near} is one")


def load() -> Config:
    """Read the settings, make the data folder and, on the first start, the secret key.

    Raises ConfigError with the name of the setting and what is wrong with it.
    """
    folder = Path(
        os.environ.get(f"{PREFIX}DATA") or Config.model_fields["data"].get_default(call_default_factory=True)
    )
    values = _from_toml(folder / "broadsheet.toml") | _from_secret_files()
    try:
        config = Config(**values)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"setting {PREFIX}{name.upper()}: {message}") from problem
    folder = config.data.expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        key = config.secret_key.get_secret_value() or _secret_key(folder / "secret_key")
    except OSError as problem:
        raise ConfigError(
            f"the data folder {folder} cannot be written ({problem.strerror}); "
            f"choose another with --data or {PREFIX}DATA"
        ) from problem
    return config.model_copy(update={"data": folder, "secret_key": SecretStr(key)})


def _from_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as problem:
        raise ConfigError(f"{path} cannot be read ({problem.strerror})") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: {problem}") from problem


def _from_secret_files() -> dict[str, str]:
    """Values of `BROADSHEET_NAME_FILE` variables: the way containers hand over secrets."""
    found = {}
    for name in Config.model_fields:
        path = os.environ.get(f"{PREFIX}{name.upper()}_FILE")
        if path:
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as problem:
                raise ConfigError(
                    f"setting {PREFIX}{name.upper()}_FILE: {path}: {problem.strerror}"
                ) from problem
    return found


def _secret_key(path: Path) -> str:
    """The key in `path`; two processes starting at once agree on the one that was made first."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
