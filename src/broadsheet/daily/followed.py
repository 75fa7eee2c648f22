"""Whoever follows an author or an organization is told of each new paper of theirs, once.

Papers are gone over in the order in which they came in, each once: to be listed again, revised or joined with
another is not to come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from broadsheet.community import notices
from broadsheet.daily import excluding
from broadsheet.library import following
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.models import Measure, Paper
from broadsheet.papers.naming import text_of
from broadsheet.papers.neighbours import names_of

# How far the papers were gone over: the key of the last.
LAST = "followers_told"
AT_ONCE = 200
# Of what came out longer ago, as much of an archive did that is imported, nobody is told.
NEW_FOR = timedelta(days=30)
# Of more papers in a day a person is told nothing: an answer to them must not drown.
MOST_A_DAY, DAY = 50, timedelta(days=1)


def tell(*, now: datetime) -> bool:
    """Tell the followers of some of the papers that came in. True where more papers wait."""
    last = _last(now=now)
    papers = list(Paper.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
    if not papers:
        return False
    with transaction.atomic():
        if following.are_there():
            _note([one for one in papers if _is_new(one, now=now)], now=now)
        Measure.objects.filter(name=LAST).update(value=str(papers[-1].pk), at=now)
    return len(papers) == AT_ONCE


def _last(*, now: datetime) -> int:
    """The last paper that was gone over: what was there before anybody was told of anything is not new."""
    known = Measure.objects.filter(name=LAST).values_list("value", flat=True).first()
    if known is None:
        known = str(Paper.objects.aggregate(last=Max("pk"))["last"] or 0)
        Measure.objects.get_or_create(name=LAST, defaults={"value": known, "at": now})
    return int(known)


def _is_new(paper: Paper, *, now: datetime) -> bool:
    came_out = paper.first_dated_at or paper.published_at or paper.added_at
    return came_out > now - NEW_FOR and not paper.withdrawn and not paper.retracted


def _note(papers: Collection[Paper], *, now: datetime) -> None:
    keys = [paper.pk for paper in papers]
    followers = following.followers(keys)
    people = {person for of_paper in followers.values() for person in of_paper}
    people -= notices.who_muted_kind(notices.FOLLOWED)
    had, names = notices.had(people, notices.FOLLOWED), names_of(keys)
    left_out = {person: excluding.among(own, keys) for person, own in excluding.rules_of(people).items()}
    left = {person: MOST_A_DAY - sum(at > now - DAY for at in had[person].values()) for person in people}
    for paper in papers:
        # A part of what was one paper for a time has a row of its own, and a name that was told.
        of_paper = set(map(text_of, names[paper.pk]))
        told: dict[str, list[int]] = defaultdict(list)
        for person, (name, since) in followers.get(paper.pk, {}).items():
            if paper.pk in left_out.get(person, ()):
                continue
            if left.get(person, 0) > 0 and since <= paper.added_at and not of_paper & had[person].keys():
                told[name].append(person)
                left[person] -= 1
        for name, of_name in told.items():
            notices.note(
                of_name,
                notices.FOLLOWED,
                target=paper.pk,
                paper=paper.pk,
                named=with_scheme(paper.public_id),
                said=f"A new paper by {name}, whom you follow:",
                now=now,
            )
