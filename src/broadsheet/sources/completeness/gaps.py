"""How complete the catalogue is: what each family of live sources announced on a day, and what of it came.

Reads what the runs have left in the tables, in as many queries for one day as for a hundred.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Cast, RowNumber, Substr

from broadsheet.papers.models import NO_LIST_HAD, Paper, PaperCategory, SourceRecord
from broadsheet.sources.completeness.day_states import GAPS, DaySummary, day_state, standing
from broadsheet.sources.live.arxiv import calendar
from broadsheet.sources.live.arxiv.calendar import ListDay
from broadsheet.sources.live.source import ARXIV, Look, Outcome
from broadsheet.sources.models import Announcement, RefusedRecord, Visit, WantedPaper
from broadsheet.sources.settings import source_settings

EXAMPLES = 20
# A list is read within the hour in which it is out; where a day has no list, it is read twice a day.
TIME_TO_READ = timedelta(hours=2)
TIME_TO_SETTLE = timedelta(hours=12)
# arXiv's changes are there in the evening, its list is made at night.
CHANGES_AHEAD = timedelta(minutes=90)
# What two lists differ in is looked up paper by paper; nobody mends an old difference.
CROSS_CHECKED = timedelta(days=30)

_DAY = timedelta(days=1)
_NAMED = 3
# More than this is no difference between two lists, but a list that was not read.
_MOST_UNANNOUNCED = 5000


@dataclass(slots=True)
class _Noted:
    """What the tables say about a family's day; looks are in the order in which they were taken."""

    looks: list[Look] = field(default_factory=list)
    expected: int = 0
    received: int = 0
    late: int = 0
    refused: int = 0
    refused_because: str = ""
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unannounced: list[str] = field(default_factory=list)


_Days = MutableMapping[tuple[str, date], _Noted]


def summaries(
    first: date, last: date, *, families: Iterable[str], harvested_at: datetime | None, now: datetime
) -> dict[str, list[DaySummary]]:
    """The days from `first` to `last`, both included, of each of the `families`, the oldest first.

    `harvested_at` is when the last whole harvest of arXiv's changes ended.
    """
    families = list(families)
    noted = _noted(first, last, families, now=now)
    if harvested_at:
        _fill_by_harvest(noted, last, harvested_at, now)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    found = {}
    for family in families:
        began = min((day for name, day in noted if name == family), default=None)
        found[family] = [
            _summary(family, day, noted.get((family, day), _Noted()), now=now, began=began) for day in days
        ]
    return found


def _summary(family: str, day: date, noted: _Noted, *, now: datetime, began: date | None) -> DaySummary:
    looks = standing(noted.looks)
    # Not every source says what belongs to its day; then what it gave is all that there is.
    items = 0 if noted.expected else sum(look.items for look in looks)
    state = day_state(
        looks,
        listing=_listing(family, day),
        expected=noted.expected,
        received=noted.received,
        is_due=now >= _due(family, day),
    )
    is_owed = began is not None and began <= day
    reasons = [*_reasons(noted, looks)] if is_owed else ["from before the first run"]
    return DaySummary(
        family=family,
        day=day,
        state=state,
        expected=noted.expected or items,
        received=noted.received or items,
        late=noted.late,
        refused=noted.refused,
        unannounced=len(noted.unannounced),
        is_gap=state in GAPS and is_owed,
        missing_ids=tuple(noted.missing),
        unannounced_ids=tuple(noted.unannounced[:EXAMPLES]),
        reasons=tuple(reasons),
    )


def _listing(family: str, day: date) -> ListDay:
    if family == ARXIV:
        return calendar.expected(day, source_settings().holidays)
    return ListDay.EXPECTED


def _due(family: str, day: date) -> datetime:
    """The moment by which somebody should have looked at the day."""
    if family == ARXIV:
        return calendar.listing_due(day) + TIME_TO_READ
    return datetime.combine(day + _DAY, time(), UTC) + TIME_TO_SETTLE


def _reasons(noted: _Noted, looks: Iterable[Look]) -> Iterable[str]:
    for look in looks:
        note = look.note or _UNSAID[look.outcome]
        if note:
            yield f"{look.scope}: {note}" if look.scope else note
    if noted.unknown:
        yield f"arXiv does not know {', '.join(noted.unknown)}"
    if noted.refused:
        yield f"{noted.refused:,} refused, such as: {noted.refused_because}"
    if noted.unannounced:
        some = ", ".join(noted.unannounced[:_NAMED])
        yield f"{len(noted.unannounced):,} of this day that no list names, such as {some}"


_UNSAID = {
    Outcome.SEEN: "",
    Outcome.PARTIAL: "the list was cut short",
    Outcome.DOWN: "it could not be asked",
}


def _noted(first: date, last: date, families: Sequence[str], *, now: datetime) -> _Days:
    noted: dict[tuple[str, date], _Noted] = defaultdict(_Noted)
    # All the indexes begin with the family.
    within = {"source__in": families, "day__range": (first, last)}
    announced = Announcement.objects.filter(**within)
    # Of a look that was noted when the clock ran ahead, nobody knows when it was: any other is newer.
    for visit in sorted(Visit.objects.filter(**within), key=lambda one: (one.at <= now, one.at, one.pk)):
        look = Look(visit.day, visit.scope, Outcome(visit.outcome), visit.items, visit.note)
        noted[visit.source, visit.day].looks.append(look)
    for source, day, expected, received, late in _counts(announced):
        one = noted[source, day]
        one.expected, one.received, one.late = expected, received, late
    for source, day, value, is_unknown in _first_missing(announced):
        noted[source, day].missing.append(value)
        if is_unknown:
            noted[source, day].unknown.append(value)
    refused = RefusedRecord.objects.filter(**within).values_list("source", "day")
    for source, day, count, reason in refused.annotate(Count("pk"), Min("reason")):
        one = noted[source, day]
        one.refused, one.refused_because = count, reason
    _find_unread(noted)
    _find_unannounced(noted, since=last - CROSS_CHECKED)
    return noted


def _counts(announced: QuerySet[Announcement]) -> Iterable[tuple[str, date, int, int, int]]:
    """By family and day: announced, received, and received after the day was over."""
    # A date as text compares like the date, and is cut off in a tenth of the time of taking it apart.
    received_on = Substr(Cast("received_at", CharField()), 1, len("2026-11-22"))
    is_late = Q(received_on__gt=Cast("day", CharField()))
    return (
        announced.annotate(received_on=received_on)
        .values_list("source", "day")
        .annotate(expected=Count("pk"), received=Count("received_at"), late=Count("pk", filter=is_late))
    )


def _first_missing(announced: QuerySet[Announcement]) -> Iterable[tuple[str, date, str, bool]]:
    """Some of the missing papers of each day, and whether arXiv said that it does not know them."""
    place = Window(RowNumber(), partition_by=[F("source"), F("day")], order_by=["value", "pk"])
    unknown = WantedPaper.objects.filter(arxiv_id=OuterRef("value"), found=False)
    missing = announced.filter(received_at__isnull=True).annotate(place=place, is_unknown=Exists(unknown))
    return (
        missing.filter(place__lte=EXAMPLES)
        .order_by("source", "day", "place")
        .values_list("source", "day", "value", "is_unknown")
    )


def _find_unread(noted: _Days) -> None:
    """A list that was read before a day and after it, and not on it, is a hole in the day."""
    by_list: dict[tuple[str, str], set[date]] = defaultdict(set)
    by_lists: dict[str, set[date]] = defaultdict(set)
    for (family, day), one in noted.items():
        if one.looks and all(look.scope for look in one.looks):
            by_lists[family].add(day)
        for look in one.looks:
            by_list[family, look.scope].add(day)
    for (family, scope), read in by_list.items():
        first, last = min(read), max(read)
        for day in by_lists[family] - read:
            if first < day < last:
                unread = Look(day, scope, Outcome.PARTIAL, note="nobody read its list")
                noted[family, day].looks.append(unread)


def _fill_by_harvest(noted: _Days, last: date, harvested_at: datetime, now: datetime) -> None:
    """A harvest of arXiv's changes makes up for lists that were not read, or not whole: it omits nothing.

    It goes without gaps from one run to the next, and so from the first day of which anything is known.
    """
    first = min((day for family, day in noted if family == ARXIV), default=last + _DAY)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    unread = [
        day
        for day in days
        if _listing(ARXIV, day) is ListDay.EXPECTED
        and _due(ARXIV, day) <= now
        and calendar.listing_due(day) - CHANGES_AHEAD <= harvested_at
        and not _is_read(noted.get((ARXIV, day), _Noted()))
    ]
    for day, count in _came(unread).items():
        note = f"its lists were not read whole; {count:,} papers of the day came with a harvest"
        noted[ARXIV, day].looks.append(Look(day, items=count, note=note))


def _came(days: Sequence[date]) -> Counter[date]:
    """How many papers of the categories that are followed arXiv announced on each of these days."""
    # Each half has an index: what no curated list had, and what such a list had since.
    listed = Paper.objects.filter(listed=True, listings__day__gte=min(days, default=date.max))
    halves = [
        _followed(papers.filter(announced_on__in=days))
        .values_list("announced_on")
        .annotate(Count("pk", distinct=True))
        for papers in (Paper.objects.filter(NO_LIST_HAD), listed)
    ]
    came: Counter[date] = Counter(dict.fromkeys(days, 0))
    for day, count in halves[0].union(halves[1], all=True):
        came[day] += count
    return came


def _followed(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Those that arXiv has in a category that is followed."""
    categories = PaperCategory.objects.filter(paper=OuterRef("pk"), code__in=source_settings().followed)
    records = SourceRecord.objects.filter(source=ARXIV, key=OuterRef("public_id"))
    return papers.filter(Exists(records), Exists(categories))


def _find_unannounced(noted: _Days, *, since: date) -> None:
    """What arXiv's catalogue has for a day and none of its lists named, where all lists of the day were read.

    A paper may be announced later than the calendar says: arXiv looks at some for days.
    """
    seen = [day for (family, day), one in noted.items() if family == ARXIV and day > since and _is_read(one)]
    announced = Announcement.objects.filter(source=ARXIV, scheme="arxiv")
    named = announced.filter(day=OuterRef("announced_on"), value=OuterRef("public_id"))
    papers = (
        _followed(Paper.objects.filter(NO_LIST_HAD, ~Exists(named), announced_on__in=seen))
        .order_by("-announced_on", "public_id")
        .values_list("announced_on", "public_id")
    )
    unnamed = list(papers[:_MOST_UNANNOUNCED])
    elsewhere = set(
        announced.filter(value__in=[value for _, value in unnamed]).values_list("value", flat=True)
    )
    for day, value in unnamed:
        if day and value not in elsewhere:
            noted[ARXIV, day].unannounced.append(value)


def _is_read(noted: _Noted) -> bool:
    """True if all the lists of a day were seen, whole."""
    return bool(noted.looks) and all(look.outcome is Outcome.SEEN for look in noted.looks)
