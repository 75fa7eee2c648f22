"""What is new for channels: the papers of their topics after the numbers that they were told."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from broadsheet.daily.kinds.topic import may_see
from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.digests import planning, windows
from broadsheet.digests.choosing import Offer
from broadsheet.digests.models import Channel, Subscription
from broadsheet.papers import reading

# So many of the newest papers of a topic are looked at, however long a reader was away.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Followed:
    """A topic that a channel follows: its subscription, and the number that it was told."""

    subscription: int
    topic: Topic
    told: int


@dataclass(slots=True)
class _Entries:
    """The newest papers of a topic, by rising numbers, in a revision of the catalogue."""

    revision: int
    last: int
    numbers: list[int]
    papers: list[tuple[int, int]]
    since: list[datetime]


@dataclass(slots=True)
class Offers:
    """The papers of topics, each topic read once while neither it nor the catalogue changes. Threads share
    them: what is known of a topic is replaced as a whole, and never taken away.
    """

    _known: dict[int, _Entries] = field(default_factory=dict)

    def of(self, channel: Channel, window: str, followed: Sequence[Followed]) -> list[Offer]:
        """What may be told to the channel in the window."""
        times = planning.times_of(channel)
        waits = channel.cadence == Channel.Cadence.WHEN_MANY
        since = None if waits else windows.new_since(date.fromisoformat(window), times)
        return [self._offer(one, since) for one in followed]

    def read(self, topics: Iterable[Topic]) -> None:
        """Read those topics that changed."""
        revision = reading.revision()
        stale = {topic.pk: topic for topic in topics if self._is_stale(topic, revision)}
        for topic in stale.values():
            rows = TopicEntry.objects.filter(topic=topic, number__gt=0).order_by("-number", "-paper")
            newest = list(rows.values_list("number", "paper", "since")[:MOST])[::-1]
            self._known[topic.pk] = _Entries(
                revision,
                topic.last,
                [number for number, _, _ in newest],
                [(paper, number) for number, paper, _ in newest],
                [since for _, _, since in newest],
            )

    def _is_stale(self, topic: Topic, revision: int) -> bool:
        known = self._known.get(topic.pk)
        return known is None or (known.revision, known.last) != (revision, topic.last)

    def _offer(self, followed: Followed, since: datetime | None) -> Offer:
        topic = followed.topic
        entries = self._known[topic.pk]
        start = bisect_right(entries.numbers, followed.told)
        # Times rise with numbers, but for a clock that was put back.
        fresh = start
        while since and fresh < len(entries.since) and entries.since[fresh] < since:
            fresh += 1
        older = entries.papers[start:fresh]
        return Offer(topic.pk, topic.slug, topic.name, topic.size, entries.papers[fresh:], older)


def followed_by(channels: Iterable[Channel]) -> Mapping[int, list[Followed]]:
    """The topics that each of the channels follows, in their order, without those it may not see any more."""
    by_key = {channel.pk: channel for channel in channels}
    rows = Subscription.objects.filter(channel__in=by_key).order_by("channel", "place", "pk")
    topics = Topic.objects.in_bulk(set(rows.values_list("topic", flat=True)))
    found: dict[int, list[Followed]] = defaultdict(list)
    for pk, channel, topic, told in rows.values_list("pk", "channel", "topic", "told"):
        if topic in topics and may_see(by_key[channel].recipient.person_id, topics[topic]):
            found[channel].append(Followed(pk, topics[topic], told))
    return found


def papers_of(offers: Iterable[Sequence[Offer]]) -> Iterator[int]:
    """All papers that are offered."""
    for one in offers:
        for offer in one:
            for paper, _ in (*offer.older, *offer.papers):
                yield paper
