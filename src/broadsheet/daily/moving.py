"""How the papers of topics follow papers that are merged and split: none of them is ever new again."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from broadsheet.daily.models import TopicEntry
from broadsheet.papers.merges import Mover, moves


def _merge(kept: int, gone: Sequence[int]) -> None:
    """The paper that stays has the number with which any of them came first; the others end."""
    rows = TopicEntry.objects.filter(paper__in=[kept, *gone]).order_by("topic", "number", "pk")
    first: dict[int, int] = {}
    for pk, topic in rows.values_list("pk", "topic"):
        first.setdefault(topic, pk)
    rows.exclude(pk__in=first.values()).delete()
    TopicEntry.objects.filter(paper__in=gone).update(paper=kept)


def _split(paper: int, other: int, names: Collection[str]) -> None:
    """Both parts have been in the topic, with the same number."""
    del names
    there = TopicEntry.objects.filter(paper=other).values("topic")
    copied = TopicEntry.objects.filter(paper=paper).exclude(topic__in=there)
    TopicEntry.objects.bulk_create(
        [
            TopicEntry(topic_id=row.topic_id, number=row.number, paper_id=other, since=row.since)
            for row in copied
        ],
        ignore_conflicts=True,
    )


moves.append(Mover(TopicEntry, merge=_merge, split=_split))
