"""The settings an operator may set, each with its default, bounds and a sentence of explanation.

Read in this order, the first wins: environment (`BROADSHEET_NAME`), a file named by
`BROADSHEET_NAME_FILE` (for secrets), `broadsheet.toml` in the data folder, the default.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import tomllib
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from broadsheet.accounts.settings import AccessSettings, LimitSettings
from broadsheet.community.settings import OverlapSettings, SubmissionSettings
from broadsheet.configured import NEARBY, Instance, parts
from broadsheet.digests.settings import SendingSettings
from broadsheet.jobs.parent import SERVED_BY
from broadsheet.papers.disk import flush
from broadsheet.site.refusing import refused
from broadsheet.sources.settings import WHOLE, SourceSettings, whole_address
from broadsheet.web.settings import PageSettings

PREFIX = "BROADSHEET_"
# Django signs with less, but somebody could guess that.
SHORTEST_KEY = 32
POSTGRESQL = "django.db.backends.postgresql"
# What else begins like a setting: for the processes below `serve`, and for the tests.
OF_OTHERS = frozenset({SERVED_BY, f"{PREFIX}SHARED"})
# A name, or one with a full stop before it for all names below it.
_HOST = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*")
# Kubernetes and Docker tell each container the addresses of a service or container that is called broadsheet.
_OF_A_CLUSTER = re.compile(
    rf"{PREFIX}(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)=.*|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?=.*|PORT=\w+://.*)"
)


class ConfigError(ImproperlyConfigured):
    """A setting cannot be used; the message names it and says what to do."""


class Config(
    BaseSettings,
    Instance,
    PageSettings,
    LimitSettings,
    AccessSettings,
    SubmissionSettings,
    OverlapSettings,
    SendingSettings,
    SourceSettings,
):
    """All settings of an instance: what the rooms declare, and what only the site as a whole needs.

    Field descriptions are the operator's manual (docs/operating.md).
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", validate_default=True)
    SECRETS: ClassVar[frozenset[str]] = frozenset(
        {
            "secret_key",
            "old_secret_key",
            "database_url",
            "metrics_token",
            "smtp_url",
            "oidc_client_secret",
            "orcid_client_secret",
            "github_client_secret",
        }
    )

    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs what the site hands out; made on the first start, kept in the data folder.",
    )
    old_secret_key: SecretStr = Field(
        SecretStr(""),
        description="The secret key before this one, while you change it: what it has signed or sealed is"
        " still good.",
    )
    debug: bool = Field(False, description="Show errors in the browser. Never on a public site.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    api_quota: int = Field(
        1000,
        ge=0,
        description="How often a client may ask APIs, feeds and exports in 300 seconds; 0 for no limit. "
        "Programs on the same machine are never refused.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="What a monitor sends as `Authorization: Bearer TOKEN` to read /metrics; without a token"
        " only programs on the same machine may.",
    )

    @field_validator("secret_key", "old_secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            _usable_key(value.get_secret_value())
        return value

    @field_validator("database_url")
    @classmethod
    def _of_postgresql(cls, value: SecretStr) -> SecretStr:
        """The sentence does not repeat the address, which has a password in it."""
        url = value.get_secret_value()
        try:
            engine = dj_database_url.parse(url)["ENGINE"] if url else POSTGRESQL
        except ValueError:
            engine = None
        if engine != POSTGRESQL:
            raise ValueError(
                "give an address of PostgreSQL, such as postgres://user:password@host/name, with other signs"
                " than letters and digits as %40; leave it empty for SQLite"
            )
        return value

    @field_validator("site_url")
    @classmethod
    def _whole_site_url(cls, value: str) -> str:
        if "@" in value:
            raise ValueError(f"{WHOLE}, without a name and a password: it stands in every link")
        address = whole_address(value)
        if urlsplit(address).path:
            raise ValueError(f"{WHOLE}, without a path: the site has all of its host")
        return address

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        return ",".join(map(_host, parts(value)))

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


def _host(text: str) -> str:
    """The name of a host as browsers send it. Raises ValueError where none could be sent so."""
    if text in {"*", NEARBY}:
        return text
    try:
        if ":" in text:
            return f"[{IPv6Address(text.removeprefix('[').removesuffix(']'))}]"
        first, name = ("." if text.startswith(".") else ""), text.removeprefix(".").removesuffix(".")
        host = first + name.encode("idna").decode().lower()
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise ValueError(
            f"{text!r} is no name of a host; give it without scheme, port and path, such as"
            " papers.example.org, or .example.org for all names below that"
        )
    return host


def load() -> Config:
    """Read the settings, make the data folder and, on the first start, the secret key.

    Raises ConfigError with the name of the setting and what is wrong with it.
    """
    folder = Path(
        os.environ.get(f"{PREFIX}DATA") or Config.model_fields["data"].get_default(call_default_factory=True)
    )
    _refuse_unknown_variables()
    config = _checked(folder / "broadsheet.toml")
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


def _checked(path: Path) -> Config:
    """The settings of the environment, of files for secrets, and of the file of this path."""
    from_file, from_secret_files = _from_toml(path), _from_secret_files()
    try:
        return Config(**(from_file | from_secret_files))
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            raise ConfigError(_no_such_setting(path, name)) from problem
        where = _where(name, path, in_file=name in from_file, in_secret_file=name in from_secret_files)
        raise ConfigError(f"{where}: {refused(first, Config.model_fields[name])}") from problem


def _where(name: str, path: Path, *, in_file: bool, in_secret_file: bool) -> str:
    """Where the value of a setting came from."""
    variable = f"{PREFIX}{name.upper()}"
    if any(known.upper() == variable for known in os.environ):
        return f"setting {variable}"
    if in_secret_file:
        return f"setting {variable}_FILE"
    return f"{path}: setting {name}" if in_file else f"setting {variable}"


def _refuse_unknown_variables() -> None:
    """Raises ConfigError for a variable with our prefix that is none of ours."""
    settings = [f"{PREFIX}{name.upper()}" for name in Config.model_fields]
    files = [f"{name}_FILE" for name in settings]
    for name, value in os.environ.items():
        # pydantic takes the names of settings however they are written.
        if not name.upper().startswith(PREFIX) or name.upper() in settings or name in files:
            continue
        if name in OF_OTHERS or _OF_A_CLUSTER.fullmatch(f"{name}={value}"):
            continue
        parts = [known.removeprefix(PREFIX) for known in (*settings, *files)]
        near = get_close_matches(name.upper().removeprefix(PREFIX), parts, n=1)
        meant = f"{PREFIX}{near[0]} is one" if near else "broadsheet config lists all of them"
        raise ConfigError(f"environment: there is no setting {name}; {meant}")


def _no_such_setting(path: Path, name: str) -> str:
    plain = name.lower().removeprefix(PREFIX.lower())
    near = get_close_matches(plain, Config.model_fields, n=1)
    meant = f"; {near[0]} is one" if near else "; broadsheet config lists all of them"
    return f"{path}: there is no setting {name!r}{meant}"


def _from_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as problem:
        raise ConfigError(f"{path} cannot be read ({problem.strerror})") from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path} is not in UTF-8; save it so") from problem
    except tomllib.TOMLDecodeError as problem:
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
            except UnicodeDecodeError as problem:
                raise ConfigError(f"setting {PREFIX}{name.upper()}_FILE: {path} is no text") from problem
            if not found[name]:
                raise ConfigError(f"setting {PREFIX}{name.upper()}_FILE: {path} is empty")
    return found


def _secret_key(path: Path) -> str:
    """The key in `path`; processes that start at once agree on the one that was made first.

    The file gets its name when it is whole and on the disk: a crash leaves a key or none.
    """
    if not path.exists():
        _make_secret_key(path)
    try:
        return _usable_key(path.read_bytes().decode("ascii").strip())
    except ValueError as problem:  # not ASCII too
        said = "it holds more than ASCII" if isinstance(problem, UnicodeDecodeError) else str(problem)
        raise ConfigError(
            f"the secret key in {path} cannot be used: {said}; put back the one of your backup, or remove the"
            " file, and a new key is made"
        ) from problem


def _make_secret_key(path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        flush(unfinished)
        with suppress(FileExistsError):  # another process was first
            os.link(unfinished, path)
        flush(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _usable_key(key: str) -> str:
    """The key. Raises ValueError where it is too short to sign anything."""
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key has at least {SHORTEST_KEY} characters, and this one {len(key)}")
    if not key.isascii():
        raise ValueError("it holds more than ASCII")
    return key
