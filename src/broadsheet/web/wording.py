"""How dates, numbers and sources are written on our pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePath

from markupsafe import Markup

from broadsheet.daily.periods import MONTHS, WEEKDAYS, Period, long_day, month_name, period_name
from broadsheet.daily.wording import counted, hidden_words, partial_day, short_day
from broadsheet.papers.places import host
from broadsheet.papers.reading import PaperRow
from broadsheet.papers.signals import SourcedSignal
from broadsheet.papers.sources import declared
from broadsheet.search.query import fields
from broadsheet.search.query.conditions import Term
from broadsheet.sources.completeness import day_states
from broadsheet.sources.completeness.day_states import DayState, DaySummary

LINKS = {
    "abstract": "Abstract",
    "code": "Code",
    "media": "Video or figure",
    "page": "Page of its own",
    "pdf": "PDF",
    "project": "Project page",
}
STATES = {
    DayState.COMPLETE: "Complete",
    DayState.INCOMPLETE: "Incomplete",
    DayState.PARTIAL: "Not known as a whole",
    DayState.DOWN: "Not reachable",
    DayState.UNSEEN: "Not read",
    DayState.PENDING: "Not out yet",
    DayState.QUIET: "Quiet",
    DayState.WEEKEND: "Weekend",
    DayState.HOLIDAY: "Holiday",
}
# Of a path, all before its last part; not of an address, nor of a fraction.
_FOLDERS = re.compile(r"(?<![\w:/.])(?:[A-Za-z]:)?(?:[/\\][^\s/\\:;,'\"]+)+[/\\](?=[^\s/\\])")
LONGEST_COMPOUND = 14
_COMPOUND = re.compile(r"<math>.*?</math>|<[^>]*>|&[#\w]+;|(?<![\w-])([^\W_]+(?:-[^\W_]+)+)(?![\w-])")
SIGNALS = {
    "upvotes": ("upvote", "upvotes"),
    "comments": ("comment", "comments"),
    "github_stars": ("star on GitHub", "stars on GitHub"),
}


def moment(at: datetime) -> str:
    """20 Nov 2026, 09:05."""
    return f"{short_day(at)}, {at:%H:%M}"


def tag_query(name: str) -> str:
    """What is typed to find the papers with that tag in a library."""
    return fields.write(Term("tag", name))


def state_name(state: DayState) -> str:
    """The state of a source's day in a word or two."""
    return STATES[state]


def told(of: Sequence[DaySummary]) -> str:
    """The state of a source's day, or of several alike, in a sentence."""
    first, last = of[0].day, of[-1].day
    when = f"on {WEEKDAYS[last.weekday()]}, {short_day(last)}" if first == last else f"from {days(of)}"
    return day_states.sentence(of[-1], when=when)


def days(of: Sequence[DaySummary]) -> str:
    """`20 Nov 2026`, `9 Nov 2026 to 20 Nov 2026`."""
    first, last = of[0].day, of[-1].day
    return short_day(first) if first == last else f"{short_day(first)} to {short_day(last)}"


def in_numbers(of: Sequence[DaySummary]) -> Iterator[tuple[date, str, str, tuple[str, ...], str]]:
    """Each day, the newest first: in words, its state, its counts as in the heading of the table, remarks."""
    for one in reversed(of):
        counts = (one.expected, one.received, one.missing, one.late, one.refused)
        yield (
            one.day,
            short_day(one.day),
            STATES[one.state],
            tuple(map(number, counts)),
            "; ".join(one.reasons),
        )


def day_in_short(of: DaySummary) -> str:
    """`20 Nov 2026: Incomplete, 90 of 100`."""
    counts = f", {of.received:,} of {of.expected:,}" if of.expected else ""
    return f"{short_day(of.day)}: {STATES[of.state]}{counts}"


def short_period(period: Period) -> str:
    """`20 Nov 2026`, `Week 47`, `November 2026`."""
    if period.kind == "week":
        return f"Week {period.first.isocalendar().week}"
    return short_day(period.first) if period.kind == "day" else month_name(period.first)


def bar_name(period: Period) -> str:
    """`Fri 20 Nov`, `Week 47`, `November`: the period without its year."""
    first = period.first
    if period.kind == "week":
        return f"Week {first.isocalendar().week}"
    month = MONTHS[first.month - 1]
    return month if period.kind == "month" else f"{WEEKDAYS[first.weekday()][:3]} {first.day} {month[:3]}"


def near_name(period: Period, beside: Period) -> str:
    """The same of one before or after another, with what differs: `Thu 19`, `Fri 30 Oct`, `December 2025`."""
    name, there = bar_name(period), beside.first
    if period.first.year != there.year:
        return f"{name} {period.first.year}"
    return name.rpartition(" ")[0] if period.kind == "day" and period.first.month == there.month else name


def end_name(period: Period) -> str:
    """`Friday`, `week 47`, `November 2026`: the period for who just read it."""
    if period.kind == "week":
        return f"week {period.first.isocalendar().week}"
    return WEEKDAYS[period.first.weekday()] if period.kind == "day" else month_name(period.first)


def number(value: float) -> str:
    """`12,345`, and one decimal where there is a fraction."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def ordinal(place: int) -> str:
    """`1st`, `22nd`, `113th`."""
    ending = (
        "th"
        if place % 100 in {11, 12, 13}
        else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")  # codespell:ignore nd
    )  # codespell:ignore nd
    return f"{place:,}{ending}"


def percent(part: float) -> str:
    """`60 %`."""
    return f"{part:.0%}".replace("%", " %")


def source_name(source: str) -> str:
    """A source as readers know it; one we have no name for is its own name."""
    return declared(source).title


def file_names(files: str) -> str:
    """The files of an import, one a line, by their names alone: readers need not know our folders."""
    return ", ".join(
        "standard input" if path == "-" else PurePath(path).name or path for path in files.split("\n")
    )


def without_folders(message: str) -> str:
    """The message with files by their names alone: readers need not know our folders."""
    return _FOLDERS.sub("", message)


# Most titles of a page are on the next one, too.
@lru_cache(maxsize=4096)
def unbroken(title: Markup) -> Markup:
    """The title, in which no line ends at the hyphen of a short compound such as `Mid-Infrared`."""
    if "-" not in title:
        return title
    # What is put around a part of it is ours, and tags and formulas are left as they are.
    return Markup(_COMPOUND.sub(_kept_whole, title))  # noqa: S704


def _kept_whole(found: re.Match[str]) -> str:
    compound = found[1]
    is_short = compound and sum(map(str.isalnum, compound)) <= LONGEST_COMPOUND
    return f'<span class="unbroken">{compound}</span>' if is_short else found[0]


def signal_words(signal: SourcedSignal) -> str:
    """`43 upvotes`."""
    one, many = SIGNALS.get(signal.name, (signal.name, signal.name))
    return counted(signal.value, one, many)


def authors_left_out(paper: PaperRow) -> int:
    """How many authors a list does not name."""
    return max((paper.author_count or 0) - len(paper.authors), 0)


FILTERS: dict[str, Callable[..., object]] = {
    "bar_name": bar_name,
    "authors_left_out": authors_left_out,
    "counted": counted,
    "days": days,
    "end_name": end_name,
    "file_names": file_names,
    "hidden_words": hidden_words,
    "host": host,
    "in_numbers": in_numbers,
    "long_day": long_day,
    "moment": moment,
    "month_name": month_name,
    "near_name": near_name,
    "number": number,
    "percent": percent,
    "period_name": period_name,
    "partial_day": partial_day,
    "ordinal": ordinal,
    "short_day": short_day,
    "short_period": short_period,
    "signal_words": signal_words,
    "source_name": source_name,
    "state_name": state_name,
    "tag_query": tag_query,
    "told": told,
    "unbroken": unbroken,
    "without_folders": without_folders,
}
