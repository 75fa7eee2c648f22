"""What Hugging Face said of a paper, fit to be said again: without nulls, and with dates the client reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

Json = dict[str, Any]
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Said:
    """An item of a list, or a paper alone, in the words of its source."""

    item: Mapping[str, Any]

    @property
    def paper(self) -> Mapping[str, Any]:
        """What stood inside the item; the item itself, where it was a paper alone."""
        inner = self.item.get("paper")
        return inner if isinstance(inner, dict) else self.item

    def value(self, name: str, kind: type[Kind]) -> Kind | None:
        """The value of a field of the item or else of the paper, if it is of that kind and not empty."""
        for said in (self.item.get(name), self.paper.get(name)):
            if isinstance(said, kind) and said:
                return said
        return None

    def thing(self, name: str) -> Json:
        """The object in a field; an empty one where there is none."""
        found: Json = cleaned(self.value(name, dict) or {})
        return found

    def things(self, name: str, key: str) -> list[Json]:
        """The objects of a list that have a text under `key`."""
        found = [cleaned(one) for one in self.value(name, list) or () if isinstance(one, dict)]
        return [one for one in found if isinstance(one.get(key), str)]

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        return [one for one in self.value(name, list) or () if isinstance(one, str)]


def in_words(said: Mapping[str, Any], name: str, ours: str) -> str:
    """The text of a field as it was said, line breaks and all, if that is the text we have; else ours."""
    text = said.get(name)
    return text if isinstance(text, str) and text.split() == ours.split() else ours


def moment(at: datetime) -> str:
    """The moment in the one form that every version of the client reads (ISO 8601, UTC, milliseconds, Z)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def cleaned(value: Any) -> Any:
    """The JSON value without nulls and with every date in the form of `moment`; what is none is left out."""
    if isinstance(value, list):
        return [cleaned(one) for one in value if one is not None]
    if not isinstance(value, dict):
        return value
    fields = ((name, _date(one) if _is_date(name) else cleaned(one)) for name, one in value.items())
    return {name: one for name, one in fields if one is not None}


def parsed(said: object) -> datetime | None:
    """The moment, in UTC, that a text of ISO 8601 tells; None where it is none."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _is_date(name: str) -> bool:
    return name.endswith("At") or name == "lastModified"


def _date(said: object) -> str | None:
    at = parsed(said)
    return moment(at) if at else None
