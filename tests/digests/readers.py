"""Readers of topics, and papers that come to these, for tests of sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import F

from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.digests.models import Channel, Recipient, Subscription
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record

# A Monday, an hour before the windows of readers open.
MORNING = datetime(2026, 11, 30, 6, tzinfo=UTC)
SEVEN = MORNING + timedelta(hours=1)
DAY = timedelta(days=1)


def papers(*keys: str) -> list[int]:
    """Papers of the demonstration with these names."""
    records = [
        Record(
            source="demo",
            key=f"demo-{key}",
            title=f"On {key}",
            abstract=f"Much is known. We propose a method for {key} and show that it works.",
            authors=(AuthorName("Ada Example"),),
            published_at=MORNING,
        )
        for key in keys
    ]
    store(records, now=MORNING)
    known = dict(Paper.objects.filter(title__in=[f"On {key}" for key in keys]).values_list("title", "pk"))
    return [known[f"On {key}"] for key in keys]


def topic(name: str, *, size: int = 40, visibility: str = "public") -> Topic:
    return Topic.objects.create(
        slug=name, name=name.title(), wanted={"kind": "search", "name": name}, size=size,
        visibility=visibility, made_at=MORNING,
    )  # fmt: skip


def come_in(topic: Topic, pks: Sequence[int], *, at: datetime = MORNING) -> None:
    """Let the papers be new in the topic."""
    topic.refresh_from_db()
    Topic.objects.filter(pk=topic.pk).update(last=F("last") + len(pks))
    TopicEntry.objects.bulk_create(
        TopicEntry(topic=topic, number=topic.last + count, paper_id=pk, since=at)
        for count, pk in enumerate(pks, 1)
    )
    topic.refresh_from_db()


def reader(address: str, *topics: Topic, zone: str = "UTC", **times: object) -> Channel:
    """Somebody who wants to be told at seven each day what is new in the topics."""
    recipient = Recipient.objects.create(key=address, address=address, zone=zone, confirmed_at=MORNING)
    channel = Channel.objects.create(
        recipient=recipient, kind="mail", made_at=MORNING - DAY, due_at=SEVEN, **times
    )
    for place, one in enumerate(topics):
        Subscription.objects.create(channel=channel, topic=one, place=place, since=MORNING)
    return channel
