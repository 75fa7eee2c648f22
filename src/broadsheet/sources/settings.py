"""What an operator may set about where papers come from."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, create_model, field_validator

from broadsheet.configured import configured, parts
from broadsheet.papers.sources import ADDRESSES, FAMILIES
from broadsheet.papers.taxonomy import ALIASES, NAMES

WHOLE = "give the whole address, for example https://papers.example.org"
# No address of a server has any of these; behind a query or a fragment no path can be put.
_NO_SIGNS = re.compile(r"[\s\\<>\"{}|^`?#*]")


def whole_address(value: str) -> str:
    """The address as browsers write it, without a slash at its end; an empty text as it is.

    Raises ValueError where it is no address of the web.
    """
    if not (value := value.strip()):
        return value
    try:
        whole = urlsplit(value)
        host, port = (whole.hostname or "").encode("idna").decode(), whole.port
    except ValueError:
        raise ValueError(WHOLE) from None
    if whole.scheme not in {"http", "https"} or not host or _NO_SIGNS.search(value):
        raise ValueError(WHOLE)
    known_to, _, _ = whole.netloc.rpartition("@")
    place = f"[{host}]" if ":" in host else host
    place = f"{known_to}@{place}" if known_to else place
    return f"{whole.scheme}://{place}{'' if port is None else f':{port}'}{whole.path}".rstrip("/")


_ADDRESSES: dict[str, Any] = {
    address.setting: (str, Field(address.default, description=address.description)) for address in ADDRESSES
}


class SourceSettings(create_model("Addresses", **_ADDRESSES)):  # type: ignore[misc]
    """Which sources are asked, and by whom; where, in a setting for each address that a source declares."""

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
    dump: bool = Field(
        False, description="Write a public dump of the catalogue each week, and hand it out at /dumps."
    )

    @field_validator("sources")
    @classmethod
    def _known_families(cls, value: str, info: ValidationInfo) -> str:
        names = [name.lower() for name in parts(value)]
        for name in names:
            if name not in FAMILIES:
                raise ValueError(f"{name!r} is no source; there are {', '.join(FAMILIES)}")
        if "mirror" in names and not info.data.get("mirror_url"):
            raise ValueError("give the address of the Broadsheet to be a mirror of, as BROADSHEET_MIRROR_URL")
        return ",".join(names)

    @field_validator("categories")
    @classmethod
    def _known_categories(cls, value: str) -> str:
        return ",".join(_category(code) for code in parts(value))

    @field_validator("arxiv_holidays")
    @classmethod
    def _days(cls, value: str) -> str:
        for day in parts(value):
            try:
                date.fromisoformat(day)
            except ValueError:
                raise ValueError(f"{day!r} is no day; write it as 2026-12-25") from None
        return ",".join(parts(value))

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+|https?://\S+", value.strip()):
            raise ValueError("give an e-mail address, or the http address of a page with one")
        return value.strip()

    @field_validator(*_ADDRESSES)
    @classmethod
    def _whole_address(cls, value: str) -> str:
        return whole_address(value)

    @property
    def families(self) -> tuple[str, ...]:
        """Where new papers are fetched from: names of families of live sources."""
        return tuple(dict.fromkeys(parts(self.sources)))

    @property
    def followed(self) -> tuple[str, ...]:
        """The arXiv categories to follow, each under its canonical name."""
        return tuple(dict.fromkeys(ALIASES.get(code, code) for code in parts(self.categories)))

    @property
    def holidays(self) -> frozenset[date]:
        """Days on which arXiv announces nothing."""
        return frozenset(date.fromisoformat(day) for day in parts(self.arxiv_holidays))

    def address(self, setting: str) -> str:
        """Where a source is asked, by the name of the setting that its declaration gives."""
        value: str = getattr(self, setting)
        return value


def source_settings() -> SourceSettings:
    """What is set about where papers come from."""
    return configured(SourceSettings)


def _category(code: str) -> str:
    """The category as arXiv writes it. Raises ValueError with the category that may have been meant."""
    known = {name.lower(): name for name in NAMES}
    if code.lower() in known:
        return known[code.lower()]
    if categories := [name for name in NAMES if name.startswith(f"{code.lower()}.")]:
        raise ValueError(f"{code!r} is an archive of arXiv; name its categories, such as {categories[0]}")
    near = known[get_close_matches(code.lower(), known, n=1, cutoff=0)[0]]
    raise ValueError(f"{code!r} is no category of arXiv; {near} is one")
