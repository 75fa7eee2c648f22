"""Whatever happens in whatever order, a reader is told each paper at most once, and in the end every one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.digests.readers import DAY, MORNING, SEVEN, come_in, reader, topic

from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.digests import sending, switch
from broadsheet.digests.carrying import ways
from broadsheet.digests.choosing import Choice
from broadsheet.digests.composing import Composed
from broadsheet.digests.failures import Reply, Step
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.pace import Pace
from broadsheet.digests.ways import HandOver, Way
from broadsheet.papers import merges
from broadsheet.papers.models import Merge, Paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
ZONES = ("UTC", "Pacific/Apia", "Pacific/Honolulu", "Europe/Berlin")
FAULTS = ("", "killed before", "killed after", "reply lost", "refused", "away")


class KilledError(BaseException):
    """What ends a worker."""


@dataclass
class World:
    """Papers, readers, and what these were told: by Message-ID, as the papers were then."""

    now: datetime = SEVEN
    fault: str = ""
    made: int = 0
    atoms: dict[int, set[int]] = field(default_factory=dict)
    frozen: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    taken: dict[str, bytes] = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)

    def fresh(self) -> set[int]:
        self.made += 1
        return {self.made}

    @contextmanager
    def open(self) -> Iterator[HandOver]:
        yield self.hand_over

    def hand_over(self, digest: Digest, channel: Channel, content: bytes) -> Reply:
        del channel
        fault, self.fault = self.fault, ""
        if fault == "killed before":
            raise KilledError
        if fault == "refused":
            return Reply(451, "4.7.1 come again")
        if fault == "away":
            return Reply(0, "", Step.CONNECT)
        assert self.taken.setdefault(digest.message_id, content) == content
        if fault == "killed after":
            raise KilledError
        return Reply(0 if fault == "reply lost" else 250)

    def compose(
        self, recipient: Recipient, channel: Channel, choice: Choice, *, message_id: str, **_: object
    ) -> Composed:
        """Papers are told when they are frozen: from then on they are what they were."""
        del recipient
        for paper in choice.papers:
            assert self.told(channel.pk).isdisjoint(self.atoms[paper]), "told twice"
        assert message_id not in self.frozen
        said = set[int]().union(*(self.atoms[paper] for paper in choice.papers))
        self.frozen[message_id] = channel.pk, said
        return Composed(json.dumps(choice.papers).encode(), choice.papers)

    def told(self, channel: int) -> set[int]:
        return set[int]().union(*(said for pk, said in self.frozen.values() if pk == channel))

    def send(self) -> None:
        with suppress(KilledError):
            sending.send_due(Pace(0), clock=lambda: self.now)
        # What its reader paused before it went is not told.
        withdrawn = Digest.objects.filter(state="empty").exclude(message_id="")
        for name in withdrawn.values_list("message_id", flat=True):
            if name not in self.taken:
                self.frozen.pop(name, None)


def act(world: World, what: str, which: int) -> None:
    topics, papers = list(world.topics), sorted(world.atoms)
    if what == "paper":
        paper = Paper.objects.create(
            public_id=f"local:{world.made:012d}", title="A paper", added_at=MORNING, revised_at=MORNING
        )
        world.atoms[paper.pk] = world.fresh()
        for place, one in enumerate(topics):
            if which >> place & 1:
                come_in(one, [paper.pk], at=world.now)
    elif what == "merge" and len(papers) > 1:
        kept, gone = papers[0], papers[1 + which % (len(papers) - 1)]
        merges.merge(kept, [gone])
        Merge.objects.create(kept=kept, gone=gone, revision=1, at=world.now, because="the same title")
        Paper.objects.filter(pk=gone).delete()
        world.atoms[kept] |= world.atoms.pop(gone)
    elif what == "split" and papers:
        split(world, papers[which % len(papers)])
    elif what == "pause":
        Recipient.objects.update(state="paused", paused_until=world.now + which * DAY)
    elif what == "zone":
        Recipient.objects.update(zone=ZONES[which % len(ZONES)])
        Channel.objects.update(due_at=None)
    elif what == "jump":
        world.now += timedelta(days=which % 5 - 2)
    elif what == "wait":
        world.now += timedelta(hours=5 * which)
    else:
        world.fault = FAULTS[which % len(FAULTS)]
    world.send()


def split(world: World, paper: int) -> None:
    """Both parts are told to whom the whole was."""
    other = Paper.objects.create(
        public_id=f"local:{world.made:012d}", title="Another", added_at=MORNING, revised_at=MORNING
    )
    merges.split(paper, other.pk, [])
    whole = world.atoms[paper]
    world.atoms[paper], world.atoms[other.pk] = world.fresh(), world.fresh()
    for _, said in world.frozen.values():
        if not said.isdisjoint(whole):
            said.update(world.atoms[paper], world.atoms[other.pk])


ACTS = st.tuples(
    st.sampled_from(["paper", "paper", "paper", "merge", "split", "pause", "zone", "jump", "wait", "fault"]),
    st.integers(0, 7),
)


@settings(
    max_examples=settings.default.max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=20))
def test_each_reader_is_told_each_paper_at_most_once_and_in_the_end_every_one(
    acts: list[tuple[str, int]], open_ways: dict[str, Way]
) -> None:
    with transaction.atomic():
        # The database of the example before was another.
        switch.resume()
        world = World()
        open_ways["webhook"] = Way(world.compose, world.open, lambda _: "host.example")
        world.topics = [topic("cats"), topic("dogs"), topic("owls")]
        patient = reader("ada@lab.example", *world.topics, cadence="when_many", many=1)
        reader("tom@lab.example", *world.topics[1:])
        Channel.objects.update(kind="webhook")
        for what, which in acts:
            act(world, what, which)
        world.fault = ""
        for _ in range(36):
            world.now += DAY
            world.send()
            # What is refused, lost or in doubt waits for minutes.
            for _ in range(2):
                world.now += timedelta(minutes=13)
                world.send()
        there = set(TopicEntry.objects.filter(number__gt=0).values_list("paper", flat=True))
        missing = {paper for paper in there if world.told(patient.pk).isdisjoint(world.atoms[paper])}
        assert not missing
        assert not Digest.objects.exclude(state__in=["sent", "empty"]).exists()
        transaction.set_rollback(True)


@pytest.fixture
def open_ways() -> Iterator[dict[str, Way]]:
    """The ways, for this test with another one."""
    before = dict(ways)
    yield ways
    ways.clear()
    ways.update(before)
