"""Days of publication as people and programs write them, often only a month or a year.

What is not said is taken as the first: a month is its first day, a year the first of January.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

_MONTHS = "january february march april may june july august september october november december"
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)", re.ASCII)
_NUMBERS = re.compile(
    rf"{_YEAR.pattern}(?:[-/.](?P<month>\d{{1,2}})(?!\d)(?:[-/.](?P<day>\d{{1,2}})(?!\d))?)?", re.ASCII
)
_DAY = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])(?=(?:st|[nr]d|th)?\b)", re.ASCII)
_WORD = re.compile(r"[a-z]{3,}")
_MONTH_NUMBER = re.compile(r"\d{1,2}", re.ASCII)


def midnight(day: date | None) -> datetime | None:
    """The beginning of the day in UTC, as the catalogue keeps a day without an hour."""
    return None if day is None else datetime.combine(day, time(), UTC)


def day_in(text: str) -> date | None:
    """The day in a text like `2024-05-03`, `2024/05/03/`, `3 May 2024` or `2024`; None without a year.

    Of a span (`2024-05-03/2024-05-07`) it is the first; what no calendar has is left out.
    """
    found = _NUMBERS.search(text)
    if found is None:
        return None
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    if not month and (month := _named_month(text)):
        said = _DAY.search(_YEAR.sub(" ", text))
        day = int(said[0]) if said else 0
    return _day(int(found[0][:4]), month, day)


def month_of(year: str, month: str) -> date | None:
    """The first day of a month like `5`, `may`, `July-August` or `5-10 July`; None without a year."""
    found = _YEAR.search(year)
    if found is None:
        return None
    number = int(month) if _MONTH_NUMBER.fullmatch(month) else _named_month(month)
    return _day(int(found[0]), number, 0)


def _named_month(text: str) -> int:
    """The number of the first month that is named, whole or by its first three letters or more; else 0."""
    for word in _WORD.findall(text.lower()):
        for number, month in enumerate(_MONTHS.split(), start=1):
            if month.startswith(word):
                return number
    return 0


def _day(year: int, month: int, day: int) -> date:
    """The day, or the first of what is left where a part is not said or not possible."""
    for parts in ((year, month, day), (year, month, 1)):
        try:
            return date(*parts)
        except ValueError:
            continue
    return date(year, 1, 1)
