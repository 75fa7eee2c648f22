"""What the page of an edition offers: parts of it with how many papers each has, and other orders.

Every offer is an address of the same page. What differs for each reader fills a hole: see `progress`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from broadsheet.daily import contents
from broadsheet.daily.contents import Contents
from broadsheet.daily.kinds.editions import NEWEST
from broadsheet.daily.kinds.reordered import DISCUSSED, UNDISCOVERED
from broadsheet.daily.periods import Period
from broadsheet.papers.taxonomy import GROUPS, category_name
from broadsheet.web.addresses import address
from broadsheet.web.narrowing import Choice

ORDERS: Mapping[str, str] = {
    "": "Best first",
    NEWEST: "Newest first",
    DISCUSSED: "Most discussed",
    UNDISCOVERED: "Undiscovered",
}
AGAIN: Mapping[str, str] = {contents.CROSSED: "Cross-listed", contents.REPLACED: "Replaced"}
# So many fields are offered in the line; all of them stand in the contents.
FIELDS_OFFERED = 6
OTHERS = "Others"
_GROUP_OF = {code: group for group, codes in GROUPS.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the edition of a period is asked for, in which order."""

    period: Period
    only: str = ""
    sort: str = ""

    def address(self, *, only: str | None = None, sort: str | None = None) -> str:
        """The address of the same, but for another part or order."""
        said = {
            "only": self.only if only is None else only,
            "sort": self.sort if sort is None else sort,
        }
        query = urlencode({name: value for name, value in said.items() if value})
        page = address(self.period.kind, self.period.name)
        return f"{page}?{query}" if query else page

    @property
    def query(self) -> str:
        """What stands before the number of a page in its address."""
        query = self.address().partition("?")[2]
        return f"{query}&" if query else ""

    def part(self, name: str, label: str, count: int | None, code: str = "") -> Choice:
        """The choice of a part by its name; the chosen one leads back to all."""
        chosen = self.only == name
        return Choice(label, self.address(only="" if chosen and name else name), chosen, count, code)


def whole(asked: Asked, found: Contents) -> list[Choice]:
    """All papers of the edition, as a choice, where parts of it are offered."""
    return [asked.part("", "All", len(found.papers))] if found.papers else []


def with_code(asked: Asked, found: Contents) -> list[Choice]:
    """The papers with code."""
    return [asked.part(contents.CODE, "With code", found.code)] if found.code else []


def fields(asked: Asked, found: Contents) -> list[Choice]:
    """The fields of the most papers, and the one that is asked for."""
    offered = [*found.fields[:FIELDS_OFFERED]]
    offered += [field for field in found.fields[FIELDS_OFFERED:] if field[0] == asked.only]
    return [asked.part(code, code, count) for code, count in offered] if len(found.fields) > 1 else []


def again(asked: Asked, found: Contents) -> list[Choice]:
    """What arXiv told again on the day: these papers are news of other days."""
    told = {contents.CROSSED: len(found.crossed), contents.REPLACED: len(found.replaced)}
    return [asked.part(name, AGAIN[name], count) for name, count in told.items() if count]


def by_group(asked: Asked, found: Contents) -> dict[str, list[Choice]]:
    """All fields of the edition, by the groups that arXiv has for them."""
    groups: dict[str, list[Choice]] = {group: [] for group in (*GROUPS, OTHERS)}
    for code, count in found.fields:
        groups[_GROUP_OF.get(code, OTHERS)].append(asked.part(code, category_name(code), count, code))
    return {group: choices for group, choices in groups.items() if choices}


def orders(asked: Asked) -> Iterator[Choice]:
    """The orders of an edition; what arXiv told again is in none of them."""
    if asked.only in contents.AGAIN:
        return
    for name, label in ORDERS.items():
        yield Choice(label, asked.address(sort=name), asked.sort == name)
