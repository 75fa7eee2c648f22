"""Fills a data folder with a day of sixty papers, and a topic with forty-five of which a mail is due.

python -m tests.browser.morning NAME...
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.digests.readers import come_in, topic  # noqa: E402
from tests.people import person  # noqa: E402

from broadsheet.daily.models import Topic  # noqa: E402
from broadsheet.digests.models import Channel, Recipient, Subscription  # noqa: E402
from broadsheet.papers.catalogue import store  # noqa: E402
from broadsheet.papers.identifiers import Identifier  # noqa: E402
from broadsheet.papers.models import Paper  # noqa: E402
from broadsheet.papers.record import AuthorName, Listing, Record, Signal  # noqa: E402

FRIDAY = date(2026, 11, 20)
MANY, NEW, TOLD = 60, 45, 10


def paper(number: int) -> Record:
    """The paper of that place on Friday."""
    return Record(
        source="huggingface",
        key=str(number),
        title=f"Lamp number {number}: on what a lamp of its kind is good for when it is lit",
        abstract=f"Lamps are old. We propose lamp number {number} and show that it burns. More follows. " * 9,
        authors=(AuthorName("Ada Example"), AuthorName("Ben Example")),
        identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
        categories=("cs.LG",),
        published_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        listings=(Listing(FRIDAY, number, "Mira"),),
        signals=(Signal("upvotes", 1000 - number),),
        observed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    )


def fill(names: Sequence[str]) -> dict[str, str]:
    """Let these people be signed in, each with a mail that is due since an hour; their sessions, by their names."""
    now = timezone.now()
    store([paper(number) for number in range(1, MANY + 1)], now=now)
    keys = dict(Paper.objects.values_list("public_id", "pk"))
    lamps = topic("lamps", size=TOLD)
    come_in(lamps, [keys[f"2611.{number:05}"] for number in range(1, NEW + 1)], at=now)
    return {name: signed_in(name, lamps) for name in names}


def signed_in(name: str, lamps: Topic) -> str:
    """The session of somebody new who gets mail."""
    now, address = timezone.now(), f"{name}@lab.example"
    reader = person(name, email=address)
    told = Recipient.objects.create(key=address, address=address, person=reader, confirmed_at=now)
    made, due = now - timedelta(days=2), now - timedelta(hours=1)
    channel = Channel.objects.create(recipient=told, kind="mail", made_at=made, due_at=due)
    Subscription.objects.create(channel=channel, topic=lamps, place=0, since=now)
    client = Client()
    client.force_login(reader)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    print(json.dumps(fill(sys.argv[1:])))
