"""Ranges of days and of counts, as people type them: `2024`, `2024..2026`, `2026-03–2026-05`, `>=10`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from broadsheet.search.query.conditions import Range

Ends = tuple[int, int]


class ReversedRangeError(ValueError):
    """The range ends before it begins; `turned` is the range the other way round."""

    def __init__(self, turned: Range) -> None:
        super().__init__("the range ends before it begins")
        self.turned = turned


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a range of a field is made of: the form of a value, its first and last number, the limits."""

    field: str
    form: re.Pattern[str]
    ends: Callable[[str], Ends]
    limits: Ends

    def range(self, low: int | None, high: int | None) -> Range:
        """The range, its ends no further out than the limits."""
        least, most = self.limits
        low, high = (end if end is None else max(least, min(end, most)) for end in (low, high))
        return Range(self.field, low, high)


def _form(one: str) -> re.Pattern[str]:
    return re.compile(
        rf"=?(?P<only>{one})"
        rf"|(?P<sign>>=|<=|[<>≥≤]) ?(?P<bound>{one})"
        rf"|(?P<low>{one})(?:\.\.\.?|[…‐‑–—-])(?P<high>{one})"
        rf"|(?P<since>{one})(?:\.\.\.?|[…–-])\*?|\*?(?:\.\.\.?|…)(?P<until>{one})"
    )


def _count(typed: str) -> Ends:
    return int(typed), int(typed)


def _days(typed: str) -> Ends:
    """The first and the last day of a year, a month or a day."""
    year, month, day = [*map(int, re.split("[-/]", typed)), 0, 0][:3]
    first = date(year, month or 1, day or 1)
    last = first if day else date(year, month or 12, monthrange(year, month or 12)[1])
    return first.toordinal(), last.toordinal()


_DAYS = (date.min.toordinal(), date.max.toordinal())
# What every index and database can hold.
_COUNTS = (-(2**63) + 1, 2**63 - 1)
_COUNT = _form(r"-?[0-9]+")
_DAY = _form("[0-9]{4}(?:[-/][0-9]{1,2}(?:[-/][0-9]{1,2})?)?")
SCALES = {
    "year": _Scale("date", _form("[0-9]{4}"), _days, _DAYS),
    "date": _Scale("date", _DAY, _days, _DAYS),
    "votes": _Scale("votes", _COUNT, _count, _COUNTS),
    "comments": _Scale("comments", _COUNT, _count, _COUNTS),
    "saved": _Scale("saved", _DAY, _days, _DAYS),
}


# The fields that a range of days can be typed with, and how much of each of its ends.
_OF_DAYS = {
    "date": (("year", 4), ("date", 7), ("date", 10)),
    "saved": (("saved", 4), ("saved", 7), ("saved", 10)),
}


def read(field: str, value: str) -> Range:
    """The range that `field:value` asks for. Raises ValueError where it is none, ReversedRangeError."""
    scale = SCALES[field]
    found = scale.form.fullmatch(value)
    if not found:
        raise ValueError(f"{value!r} is no range")
    if found["sign"]:
        return scale.range(*_compared(found["sign"], scale.ends(found["bound"])))
    only = found["only"]
    low, high = only or found["low"] or found["since"], only or found["high"] or found["until"]
    first, last = (scale.ends(end) if end else None for end in (low, high))
    if first and last and first > last:
        raise ReversedRangeError(scale.range(last[0], first[1]))
    return scale.range(first[0] if first else None, last[1] if last else None)


def write(condition: Range) -> str:
    """The range as it is typed: by years or months where it is made of whole ones."""
    if condition.field not in _OF_DAYS:
        return f"{condition.field}:{_written(condition.low, condition.high)}"
    low, high = (day and date.fromordinal(day).isoformat() for day in (condition.low, condition.high))
    return next(
        f"{field}:{ends}"
        for field, length in _OF_DAYS[condition.field]
        if read(field, ends := _written(low and low[:length], high and high[:length])) == condition
    )


def _compared(sign: str, ends: Ends) -> tuple[int | None, int | None]:
    first, last = ends
    match sign:
        case ">":
            return last + 1, None
        case "<":
            return None, first - 1
        case ">=" | "≥":
            return first, None
    return None, last


def _written(low: object, high: object) -> str:
    return str(low) if low == high else f"{'' if low is None else low}..{'' if high is None else high}"
