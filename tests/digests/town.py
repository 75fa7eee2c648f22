"""Thousands of readers in a data folder of their own, and workers whose hours are minutes.

`python -m tests.digests.town COMMAND …`, with the data folder in BROADSHEET_DATA; a worker runs until it is
killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta

import django

# A lease of a minute ends after a second.
FASTER = 60
FOLLOWED = 3


def fill(readers: int, topics: int, begin: datetime) -> None:
    """Readers of some topics each, whose first window is open."""
    from django.db import transaction

    from broadsheet.daily.models import Topic
    from broadsheet.digests.models import Channel, Recipient, Subscription

    chance = random.Random(14)
    with transaction.atomic():
        made = Topic.objects.bulk_create(
            Topic(
                slug=f"t{one}",
                name=f"Topic {one}",
                size=40,
                made_at=begin,
                wanted={"kind": "search", "name": "x"},
            )
            for one in range(topics)
        )
        people = Recipient.objects.bulk_create(
            Recipient(key=address, address=address, confirmed_at=begin)
            for one in range(readers)
            for address in [f"reader{one}@host{one % 50}.example"]
        )
        channels = Channel.objects.bulk_create(
            Channel(
                recipient=one, kind="mail", made_at=begin, due_at=begin, minute=begin.hour * 60 + begin.minute
            )
            for one in people
        )
        Subscription.objects.bulk_create(
            Subscription(channel=channel, topic=topic, place=place, since=begin)
            for channel in channels
            for place, topic in enumerate(chance.sample(made, FOLLOWED))
        )
    news(0, begin)


def news(window: int, now: datetime) -> None:
    """Let papers come to all topics; some come to several."""
    from tests.digests.readers import come_in, papers

    from broadsheet.daily.models import Topic

    chance = random.Random(window)
    topics = list(Topic.objects.order_by("pk"))
    pks = papers(*(f"paper {window} {one}" for one in range(len(topics) * 2)))
    for number, topic in enumerate(topics):
        come_in(topic, list({pks[2 * number], pks[2 * number + 1], chance.choice(pks)}), at=now)


def work(begin: datetime, count: int) -> None:
    """Have so many workers send what is due, and another one take the place of each that is killed. The number
    of each process is printed.
    """
    # Loaded once for all of them.
    from broadsheet.digests import sending

    assert sending
    since, running = time.time(), set[int]()

    def end(*_: object) -> None:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        while len(running) < count:
            pid = os.fork()
            if not pid:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                send(begin, since)
            running.add(pid)
            print(pid, flush=True)
        running.discard(os.wait()[0])


def send(begin: datetime, since: float) -> None:
    """Send what is due until somebody kills this process."""
    from broadsheet.digests import sending
    from broadsheet.digests.pace import Pace

    pace = Pace(0)
    while True:
        sending.send_due(pace, clock=lambda: begin + timedelta(seconds=(time.time() - since) * FASTER))
        time.sleep(0.05)


def report() -> None:
    """The states of all digests, and the Message-IDs that are wanted of each reader."""
    from broadsheet.digests import freezing
    from broadsheet.digests.models import Digest

    rows = Digest.objects.select_related("channel__recipient").exclude(state="empty")
    wanted = {f"<{freezing.message_id(one)}>": one.channel.recipient.address for one in rows}
    states = list(Digest.objects.order_by("pk").values_list("state", flat=True))
    print(json.dumps({"wanted": wanted, "states": {one: states.count(one) for one in set(states)}}))


def main(command: str, *said: str) -> None:
    django.setup()
    if command == "fill":
        fill(int(said[0]), int(said[1]), datetime.fromisoformat(said[2]))
    elif command == "news":
        news(int(said[0]), datetime.fromisoformat(said[1]))
    elif command == "work":
        work(datetime.fromisoformat(said[0]), int(said[1]))
    else:
        report()


if __name__ == "__main__":
    main(*sys.argv[1:])
