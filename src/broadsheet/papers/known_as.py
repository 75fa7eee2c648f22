"""The papers that names mean, in any spelling of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from broadsheet.papers.identifiers import Identifier, parse
from broadsheet.papers.models import Paper, PaperIdentifier


def known_as(names: Iterable[str], *columns: str) -> dict[str, tuple[Any, ...]]:
    """These columns of the papers with these names, in the order of the names; unknown names are left out.

    A catalogue made by older rules has papers under names that are spelt otherwise today, or that are no
    identifiers any more: those are found as they stand.
    """
    names = [*dict.fromkeys(names)]
    parsed = {name: identifier for name in names if (identifier := parse(name))}
    by_identifier = {
        Identifier(scheme, value): found
        for rows in PaperIdentifier.of(parsed.values())
        for scheme, value, *found in rows.values_list(
            "scheme", "value", *(f"paper__{one}" for one in columns)
        )
    }
    known = {name: tuple(by_identifier[one]) for name, one in parsed.items() if one in by_identifier}
    # What cannot be printed, such as a NUL, is in no name, and some databases refuse it.
    if left := [name for name in names if name not in known and name and name.isprintable()]:
        as_they_are = Paper.objects.filter(public_id__in=left).values_list("public_id", *columns)
        known |= {name: tuple(found) for name, *found in as_they_are}
    return {name: known[name] for name in names if name in known}
