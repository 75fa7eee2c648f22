"""CPU of a mail of 8 papers: of one topic, which many readers get, and a personal one, of 200 papers.

    .venv/bin/python bench/letters.py DATA

DATA is a data folder with at least 200 papers; a copy of it is written to. Each figure is the least of seven
rounds of 1,000 mails, in which the papers were encoded before, as they are after the first mails of a window.
Beside it stands what the standard library takes to encode one such mail.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
MAILS, ROUNDS, PAPERS = 1000, 7, 200


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = shutil.copytree(sys.argv[1], Path(folder) / "data")
        os.environ |= {
            "BROADSHEET_DATA": str(data),
            "BROADSHEET_SITE_URL": "https://papers.example.org",
            "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
        }
        import django

        django.setup()
        measure()


def measure() -> None:
    from broadsheet.daily.models import Topic
    from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
    from broadsheet.digests.composing import compose
    from broadsheet.digests.models import Channel, Recipient
    from broadsheet.papers.models import Paper

    papers = list(Paper.objects.order_by("-published_at").values_list("pk", flat=True)[:PAPERS])
    recipient = Recipient.objects.create(key="a@lab.example", address="a@lab.example", confirmed_at=NOW)
    channel = Channel.objects.create(recipient=recipient, kind="mail", made_at=NOW)
    topics = [
        Topic.objects.create(
            slug=name, name=name.title(), wanted={"kind": "search", "name": name}, made_at=NOW
        )
        for name in ("nets", "robots", "agents")
    ]

    def chosen(chance: random.Random, parts: tuple[int, ...]) -> Choice:
        drawn = iter(chance.sample(papers, 8))
        return Choice(
            tuple(
                ChosenTopic(
                    topic.pk,
                    topic.slug,
                    topic.name,
                    tuple(
                        ChosenPaper(next(drawn), 1, ("Agents",) if chance.random() < 0.3 else ())
                        for _ in range(many)
                    ),
                    many + 1,
                )
                for topic, many in zip(topics, parts, strict=False)
            ),
            55,
        )

    def mail(choice: Choice) -> bytes:
        return compose(
            recipient, channel, choice, at=NOW, message_id="1@papers.example.org", window="2026-11-20",
            next_at=NOW + timedelta(days=1),
        ).content  # fmt: skip

    shared = [chosen(random.Random(1), (8,))] * MAILS
    personal = [chosen(random.Random(number), (4, 2, 2)) for number in range(MAILS)]
    for name, choices in (("one topic", shared), ("personal", personal)):
        print(f"{name}: {least(lambda choices=choices: [mail(one) for one in choices]):.3f} ms")
    read = message_from_bytes(mail(personal[0]), policy=policy.default)
    text, html = (part.get_content() for part in read.iter_parts())
    print(
        f"the standard library: {least(lambda: [encode(text, html) for _ in range(MAILS // 10)]) * 10:.3f} ms"
    )


def encode(text: str, html: str) -> bytes:
    made = EmailMessage()
    made.set_content(text)
    made.add_alternative(html, subtype="html")
    return made.as_bytes(policy=policy.SMTP)


def least(call: Callable[[], object]) -> float:
    """Milliseconds of the processor for each of MAILS, in the quickest round."""
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return min(took) / MAILS * 1000


if __name__ == "__main__":
    main()
