"""What digests cost: 100,000 readers over 200 topics planned, and mails handed to a relay on this machine.

    .venv/bin/python bench/digests.py [--readers N] [--mails N] [--personal]

The relay is a process of its own that takes everything; only the CPU of the sender counts. Each reader of a
topic follows that alone; a personal one follows three.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import socket
import tempfile
import time
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
ANSWERS = {b"EHLO": b"250 hello\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
PAPERS, TOPICS, WARM = 8, 200, 1_000


def relay(listening: socket.socket) -> None:
    """Take mail from one client after the other."""
    while True:
        client, _ = listening.accept()
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 here\r\n")
            for line in lines:
                client.sendall(ANSWERS.get(line[:4].upper(), b"250 ok\r\n"))
                if line[:4].upper() == b"DATA":
                    while lines.readline() != b".\r\n":
                        pass
                    client.sendall(b"250 taken\r\n")


def main() -> None:
    """Print what it took."""
    said = arguments()
    listening = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.get_context("fork").Process(target=relay, args=(listening,), daemon=True)
    process.start()
    os.environ |= {
        "BROADSHEET_DATA": tempfile.mkdtemp(prefix="broadsheet-digests-"),
        "BROADSHEET_SMTP_URL": f"smtp://127.0.0.1:{listening.getsockname()[1]}",
        "BROADSHEET_SITE_URL": "https://papers.example.org",
        "BROADSHEET_MAIL_CONNECTIONS": "1",
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    filling = multiprocessing.get_context("fork").Process(
        target=lambda: (
            call_command("migrate", verbosity=0),
            fill(said.readers, followed=3 if said.personal else 1),
        )
    )
    filling.start()
    filling.join()
    plan(said.readers)
    send(said.mails)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--personal", action="store_true")
    return parser.parse_args()


def fill(readers: int, *, followed: int) -> None:
    """Topics with papers that are new, and readers of some of them."""
    from django.db import transaction

    from broadsheet.daily.models import Topic, TopicEntry
    from broadsheet.digests.models import Channel, Recipient, Subscription
    from broadsheet.papers.catalogue import store
    from broadsheet.papers.models import Paper
    from broadsheet.papers.record import AuthorName, Record

    chance = random.Random(14)
    text = "Much is known of it. We propose a method and show that it is faster by 20 %. " * 8
    store(
        [
            Record(
                source="demo", key=f"demo-{one}", title=f"A method of the number {one} for the wide networks",
                abstract=text, authors=(AuthorName("Ada Example"),), published_at=NOW,
            )
            for one in range(TOPICS * 3)
        ],
        now=NOW,
    )  # fmt: skip
    papers = list(Paper.objects.values_list("pk", flat=True))
    with transaction.atomic():
        topics = Topic.objects.bulk_create(
            Topic(slug=f"t{one}", name=f"Topic {one}", size=40, last=PAPERS, made_at=NOW, wanted={})
            for one in range(TOPICS)
        )
        TopicEntry.objects.bulk_create(
            TopicEntry(topic=topic, number=number, paper_id=paper, since=NOW)
            for topic in topics
            for number, paper in enumerate(chance.sample(papers, PAPERS), 1)
        )
        people = Recipient.objects.bulk_create(
            (
                Recipient(key=address, address=address, confirmed_at=NOW)
                for one in range(readers)
                for address in [f"reader{one}@host{one % 500}.example"]
            ),
            batch_size=5_000,
        )
        channels = Channel.objects.bulk_create(
            (
                Channel(
                    recipient=one, kind="mail", made_at=NOW, due_at=NOW, minute=chance.randrange(360, 420)
                )
                for one in people
            ),
            batch_size=5_000,
        )
        Subscription.objects.bulk_create(
            (
                Subscription(channel=channel, topic=topic, place=place, since=NOW)
                for channel in channels
                for place, topic in enumerate(chance.sample(topics, followed))
            ),
            batch_size=5_000,
        )


def plan(readers: int) -> None:
    from broadsheet.digests import planning

    begun = time.process_time()
    planned = planning.plan(NOW)
    print(f"planned {planned:,} of {readers:,}: {time.process_time() - begun:.2f} CPU s", flush=True)
    begun = time.process_time()
    planning.plan(NOW)
    print(f"again, nothing new: {time.process_time() - begun:.2f} CPU s", flush=True)


def send(mails: int) -> None:
    """Send a thousand, with which all papers are encoded, and then as many as are wanted."""
    from broadsheet.digests import sending
    from broadsheet.digests.models import Digest
    from broadsheet.digests.pace import Pace

    wall = time.time()
    for count in (WARM, mails):
        keys = Digest.objects.filter(state="due").order_by("pk").values_list("pk", flat=True)
        last = keys[min(count, keys.count()) - 1]
        Digest.objects.filter(pk__gt=last, state="due").update(retry_at=NOW + timedelta(hours=5))
        begun = time.process_time()
        sent = sending.send_due(Pace(0), clock=lambda: NOW + timedelta(seconds=time.time() - wall))
        took = time.process_time() - begun
        Digest.objects.filter(state="due").update(retry_at=None)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"sent {sent:,}: {took / sent * 1000:.2f} ms of CPU each, {memory} MB", flush=True)


if __name__ == "__main__":
    main()
