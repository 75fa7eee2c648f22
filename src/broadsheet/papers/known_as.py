"""The papers that names mean, in any spelling of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.text import Truncator

from broadsheet.papers import tables
from broadsheet.papers.identifiers import Identifier, parse, version_in
from broadsheet.papers.models import PaperVersion

LONGEST_QUOTED = 100


def known_as(names: Iterable[str], *columns: str, of_any_version: bool = False) -> dict[str, tuple[Any, ...]]:
    """These columns of the papers with these names, in the order of the names; unknown names are left out.

    A name with a version means its paper. It is unknown where the paper has numbered versions and none so
    late, unless it may be `of_any_version`. A catalogue made by older rules has papers under names that are
    spelt otherwise today, or that are no identifiers any more: those are found as they stand.
    """
    names = [*dict.fromkeys(names)]
    parsed = {name: identifier for name in names if (identifier := parse(name))}
    by_identifier = {
        Identifier(scheme, value): found
        for scheme, value, *found in tables.by_names(parsed.values(), *columns)
    }
    found = {name: by_identifier[one] for name, one in parsed.items() if one in by_identifier}
    late = (
        set() if of_any_version else _of_later_versions({name: row[0] for name, row in found.items()}, parsed)
    )
    known = {name: tuple(row[1:]) for name, row in found.items() if name not in late}
    # What cannot be printed, such as a NUL, is in no name, and some databases refuse it.
    if left := [name for name in names if name not in found and name and name.isprintable()]:
        known |= {name: tuple(row) for name, *row in tables.by_public_ids(left, *columns)}
    return {name: known[name] for name in names if name in known}


def why_unknown(name: str) -> str:
    """A sentence for whoever asked for a paper by a name that no paper has."""
    known = known_as([name], "public_id", of_any_version=True).get(name)
    if known:
        return f"The paper {known[0]} is here, but no such version of it."
    return f"No paper here is known as {Truncator(name).chars(LONGEST_QUOTED)}."


def _of_later_versions(papers: dict[str, int], parsed: dict[str, Identifier]) -> set[str]:
    """The names with a version that their paper, by its key, does not have yet."""
    asked = {name: version for name in papers if (version := version_in(name, parsed[name]))}
    # Every paper has a first version, though not every source numbers it.
    asked = {name: version for name, version in asked.items() if version > 1}
    if not asked:
        return set()
    numbered = PaperVersion.objects.filter(paper__in={papers[name] for name in asked}).values_list("paper")
    last = dict(numbered.annotate(Max("number")))
    return {name for name, version in asked.items() if version > last.get(papers[name], version)}
