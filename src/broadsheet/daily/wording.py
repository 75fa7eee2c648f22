"""How days and numbers are said, on pages and in mails."""

from __future__ import annotations

from datetime import date

from broadsheet.daily.periods import MONTHS
from broadsheet.papers.partial_dates import PartialDate


def short_day(day: date) -> str:
    """20 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def partial_day(known: PartialDate) -> str:
    """20 Nov 2026, or what of it is known: Nov 2026, 2026."""
    return " ".join(short_day(known.first).split()[3 - len(known.parts) :])


def counted(value: int, one: str, many: str = "") -> str:
    """`1 paper`, `1,200 papers`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def hidden_words(hidden: int) -> str:
    """How many papers a reader does not see, in a sentence."""
    return f"{counted(hidden, 'paper')} {'is' if hidden == 1 else 'are'} hidden by what you leave out."
