"""What the sources promised: the papers that they announced, and which of them the catalogue has not got."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.papers.models import PaperIdentifier, PaperVersion
from broadsheet.sources.files.readings import printable
from broadsheet.sources.live.source import ARXIV, ARXIV_CHANGES, ARXIV_PAPERS, Announced, Look, Outcome
from broadsheet.sources.models import Announcement, RefusedRecord, SourceState, Visit, WantedPaper

# The one family whose papers can be asked for one by one: by the third of these sources, where the second
# has not brought what the first announced.
KEPT = timedelta(days=100)
TIME_TO_ARRIVE = timedelta(hours=6)
ASKED_FOR_AT_ONCE = 2000


def note(family: str, announced: Iterable[Announced]) -> None:
    """Keep what a source of the family announced; what it said before stays as it is."""
    Announcement.objects.bulk_create(
        (
            Announcement(
                source=family,
                day=one.day,
                scheme=one.identifier.scheme,
                value=one.identifier.value,
                version=one.version,
            )
            for one in announced
        ),
        ignore_conflicts=True,
    )


def note_looks(family: str, looks: Sequence[Look], *, now: datetime) -> None:
    """Keep what looking at lists gave; a day that was seen after all is no longer one that was not."""
    Visit.objects.bulk_create(
        (
            Visit(
                source=family,
                scope=look.scope,
                day=look.day,
                outcome=look.outcome,
                items=look.items,
                note=printable(look.note),
                at=now,
            )
            for look in {(look.scope, look.day): look for look in looks}.values()
        ),
        update_conflicts=True,
        unique_fields=["source", "scope", "day"],
        update_fields=["outcome", "items", "note", "at"],
    )
    seen = {look.day for look in looks if look.outcome is not Outcome.DOWN}
    Visit.objects.filter(source=family, scope="", day__in=seen, outcome=Outcome.DOWN).delete()


def note_down(family: str, reason: str, *, now: datetime) -> None:
    """Keep that the list of today could not be looked at, unless it was before."""
    today = Visit.objects.filter(source=family, day=now.date())
    if not today.exclude(outcome=Outcome.DOWN).exists():
        note_looks(family, [Look(now.date(), outcome=Outcome.DOWN, note=reason)], now=now)


def missing(family: str, *, now: datetime) -> QuerySet[Announcement]:
    """What was announced in the last 100 days and has not come."""
    return Announcement.objects.filter(source=family, received_at__isnull=True, day__gte=now.date() - KEPT)


def mark_received(family: str, *, now: datetime) -> int:
    """Note of what has come that it has come; say how many that were."""
    papers = PaperIdentifier.objects.filter(scheme=OuterRef("scheme"), value=OuterRef("value"))
    versions = PaperVersion.objects.filter(paper=OuterRef("paper"), number__gte=OuterRef(OuterRef("version")))
    has_come = Q(Exists(papers), version=0) | Q(Exists(papers.filter(Exists(versions))))
    return missing(family, now=now).filter(has_come).update(received_at=now)


def ask_for_missing(*, now: datetime) -> int:
    """Want what arXiv listed hours ago and a whole harvest since then did not bring; say how many."""
    harvested = SourceState.objects.filter(name=ARXIV_CHANGES, last_good_at__gt=OuterRef("at"))
    # A list that was read when the clock ran ahead was read some time ago.
    long_ago = Q(at__gt=now) | Q(Exists(harvested), at__lte=now - TIME_TO_ARRIVE)
    listed = Visit.objects.filter(long_ago, source=ARXIV, day=OuterRef("day"))
    overdue = missing(ARXIV, now=now).filter(Exists(listed))
    wanted = WantedPaper.objects.filter(arxiv_id=OuterRef("value"))
    ids = overdue.exclude(Exists(wanted)).order_by("-day").values_list("value", flat=True)
    rows = [WantedPaper(arxiv_id=one, asked_at=now) for one in dict.fromkeys(ids[:ASKED_FOR_AT_ONCE])]
    if WantedPaper.objects.bulk_create(rows, ignore_conflicts=True):
        SourceState.objects.update_or_create(name=ARXIV_PAPERS, defaults={"due_at": now})
    return len(rows)


def prune(family: str, *, now: datetime) -> None:
    """Forget what a source of the family said longer ago than anybody is shown."""
    before = now - KEPT
    for model in (Announcement, Visit, RefusedRecord):
        model.objects.filter(source=family, day__lt=before.date()).delete()
    WantedPaper.objects.filter(answered_at__lt=before).delete()
