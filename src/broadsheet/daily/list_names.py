"""The names of lists as they are stored: as JSON, with nothing that has no value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from broadsheet.daily.entries import ListName

_TEXTS = ("kind", "name", "order", "submitter", "sense")
_EXAMPLES = ("like", "unlike")
LONGEST_KEY = 200


def as_json(wanted: ListName) -> dict[str, Any]:
    """The name of a list that goes on: neither the conditions of another language nor a past day are kept."""
    texts = {name: getattr(wanted, name) for name in _TEXTS if getattr(wanted, name)}
    return texts | {name: list(getattr(wanted, name)) for name in _EXAMPLES if getattr(wanted, name)}


def key(wanted: ListName) -> str:
    """A text that stands for the list in any order, for those who looked through it."""
    said = as_json(replace(wanted, order=""))
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    return text if len(text) <= LONGEST_KEY else hashlib.sha256(text.encode()).hexdigest()


def from_json(stored: Mapping[str, Any]) -> ListName:
    """The name of the list that was stored so."""
    said: dict[str, Any] = {name: str(stored.get(name, "")) for name in _TEXTS}
    said |= {name: tuple(stored.get(name, ())) for name in _EXAMPLES}
    return ListName(**said)
