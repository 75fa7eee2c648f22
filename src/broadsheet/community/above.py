"""Things of rooms above that people report and moderators keep from being seen: the room says here how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from broadsheet.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Above:
    """A kind of thing: its table, which of them everybody may see, whose one is, its name and address, how it
    is kept from everybody but its owner, which gives what it was before, and how that is taken back.
    """

    table: type[models.Model]
    public: Callable[[], models.QuerySet[Any]]
    owner: Callable[[Any], Person | None]
    named: Callable[[Any], tuple[str, str]]
    withhold: Callable[[Any], str]
    release: Callable[[Any, str], None]


kinds: dict[str, Above] = {}


def kind_of(thing: models.Model) -> str:
    """The kind of a thing of a room above."""
    return next(kind for kind, above in kinds.items() if isinstance(thing, above.table))
