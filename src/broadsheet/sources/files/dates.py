"""Days of publication as people and programs write them, often only a month or a year.

What is not said is not known: see `papers.partial_dates`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from broadsheet.papers.partial_dates import PartialDate

# English first, so that "out" and "set" are no months of other languages beside one of English.
_MONTHS = tuple(
    tuple(frozenset(names.split("|")) for names in months.split())
    for months in (
        "january february march april may june july august september october november december",
        # German with Austria's names, French, Spanish, Italian, Portuguese, Dutch; Danish, Norwegian, Swedish
        (
            "januar|janner|jaenner februar|feber marz|maerz|mrz april mai juni juli august september"
            " oktober november dezember"
        ),
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart|mrt april mei juni juli augustus september oktober november december",
        "januari februari marts april maj juni juli augusti september oktober november desember",
    )
)
_YEARS = r"(?:1[5-9]|20|21)\d\d"
_YEAR = re.compile(rf"(?<!\d){_YEARS}(?!\d)", re.ASCII)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?", re.ASCII)
# `2024-05-03`, `2024/5`, `2024.05.03`; Chinese, Japanese and Korean have words between.
_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEARS}\s?[-/.年년]\s?(?P<month>\d{{1,2}})(?!\d)\s?"
    r"(?:[-/.月월]\s?(?P<day>\d{1,2})(?!\d))?",
    re.ASCII,
)
# `20240503`, `202405`
_CLOSED_UP = re.compile(
    rf"(?<!\d)(?P<year>{_YEARS})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])?(?!\d)", re.ASCII
)
# `1.5.2020`, `12/05/2024`, `05/2020`
_YEAR_LAST = re.compile(
    rf"(?<![\d/.-])(?:(?P<first>\d{{1,2}})\s?[-/.]\s?)?(?P<second>\d{{1,2}})\s?[-/.]\s?(?P<year>{_YEARS})(?!\d)",
    re.ASCII,
)
_DAY = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?!\d)", re.ASCII)
_WORD = re.compile(r"[a-z]{3,}")
_MONTHS_OF_A_YEAR = 12
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)


def midnight(day: date | None) -> datetime | None:
    """The beginning of the day in UTC, as the catalogue keeps a day without an hour."""
    return None if day is None else datetime.combine(day, time(), UTC)


def day_in(text: str) -> PartialDate | None:
    """The date in text like `2024-05-03`, `2024/05/`, `3 May 2024`, `20240503`, `2024`; None without a year.

    Of a span (`2024-05-03/2024-05-07`) it is the first. In `12/05/2024` the day comes first, as in most of
    the world, unless only the other order is possible. What no calendar has is left out.
    """
    text = _TIME.sub(" ", _folded(text))
    if found := _YEAR_FIRST.search(text):
        return _date(int(found[0][:4]), int(found["month"]), int(found["day"] or 0))
    if found := _CLOSED_UP.search(text):
        return _date(int(found["year"]), int(found["month"]), int(found["day"] or 0))
    year, month = _YEAR.search(text), _named_month(text)
    if (found := _YEAR_LAST.search(text)) and not month:  # else it is `2024 Dec 15-2025 Jan`
        return _in_either_order(int(found["year"]), int(found["first"] or 0), int(found["second"]))
    return _in_words(int(year[0]), month, text) if year else None


def month_of(year: str, month: str = "", day: str = "") -> PartialDate | None:
    """The date in fields of its own, the month like `5`, `may` or `5-10 July`; None without a year.

    A month that names one day of it, like `10 July`, gives that day; of several it is the month.
    """
    known = day_in(year)
    if known is None or known.month:
        return known
    if _NUMBER.fullmatch(month.strip()):
        number, days = int(month), _DAY.findall(day)
    else:
        number, days = _named_month(month), _DAY.findall(day) or _DAY.findall(_YEAR.sub(" ", month))
    return _date(known.year, number, int(days[0]) if len(days) == 1 else 0)


def fullest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """The date of which most is known, the first of these."""
    return max(filter(None, dates), key=lambda one: len(one.parts), default=None)


def _in_either_order(year: int, first: int, second: int) -> PartialDate:
    return _date(year, first, second) if second > _MONTHS_OF_A_YEAR >= first else _date(year, second, first)


def _in_words(year: int, month: int, text: str) -> PartialDate:
    day = _DAY.search(_YEAR.sub(" ", text)) if month else None
    return _date(year, month, int(day[0]) if day else 0)


def _named_month(text: str) -> int:
    """The number of the first month that is named, whole or by its first three letters or more; else 0.

    A word that may be several months of a language, such as French "jui", is none.
    """
    words = _WORD.findall(_folded(text))
    for months in _MONTHS:
        for word in words:
            meant = [number for number, names in enumerate(months, start=1) if _begins_one(names, word)]
            if len(meant) == 1:
                return meant[0]
    return 0


def _begins_one(names: frozenset[str], word: str) -> bool:
    return any(name.startswith(word) for name in names)


def _folded(text: str) -> str:
    """Small letters without accents, and digits as we write them; nobody writes a date longer than this."""
    letters = unicodedata.normalize("NFKD", text[:1000].lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)  # for Korean, whose syllables were taken apart


def _date(year: int, month: int, day: int) -> PartialDate:
    """The date, or what is left of it where a part is not said or not possible."""
    for parts in ((year, month, day), (year, month)):
        try:
            return PartialDate(*parts)
        except ValueError:
            continue
    return PartialDate(year)
