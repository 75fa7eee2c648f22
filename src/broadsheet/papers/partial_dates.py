"""Dates as far as they are known: a year, a month of it, or a whole day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal, Self

# What is known of a date, where that is no whole day.
Precision = Literal["year", "month"]
PRECISIONS: tuple[Precision, ...] = ("year", "month")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose month or day may be unknown, and 0 then. Raises ValueError if there is no such day."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        date(self.year, self.month or 1, self.day or 1)
        if self.day and not self.month:
            raise ValueError(f"a day of {self.year} without its month")

    @classmethod
    def of(cls, moment: datetime | None, precision: Precision | Literal["none"] | None) -> Self | None:
        """What the catalogue keeps: the beginning of the period, and how much of it is known."""
        if moment is None or precision == "none":
            return None
        on = moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
        return cls(*(on.year, on.month, on.day)[: PRECISIONS.index(precision) + 1 if precision else 3])

    @property
    def parts(self) -> tuple[int, ...]:
        """Year, month and day, as many as are known."""
        return tuple(part for part in (self.year, self.month, self.day) if part)

    @property
    def precision(self) -> Precision | None:
        """How much is known, where that is no whole day."""
        return None if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        """The first day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def begins_at(self) -> datetime:
        """The beginning of its first day in UTC."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def whole(self) -> date | None:
        """The day, if it is known."""
        return self.first if self.day else None

    def agrees(self, other: PartialDate) -> bool:
        """True if both may be the same day."""
        return all(ours == theirs for ours, theirs in zip(self.parts, other.parts, strict=False))

    def __str__(self) -> str:
        """As ISO 8601 has it: `2024`, `2024-05` or `2024-05-03`."""
        if self.day:
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"
