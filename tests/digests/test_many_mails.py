"""Ten thousand mails of real papers: each is read as it was meant, and each link of ours leads somewhere."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import serializers
from django.test import Client

from broadsheet.daily.models import Topic
from broadsheet.daily.topics import trending
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.composing import compose
from broadsheet.digests.models import Channel, Recipient
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.sources.files.opening import open_source

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
SITE, MAILS, PAPERS, LOOKED_AT = "https://papers.example.org", 10_000, 3_000, 200
TEX = re.compile(r"\\[A-Za-z]+|\$[^$\n]*[\\^_{][^$\n]*\$")
TAG = re.compile(r"</?(?:p|b|i|u|em|strong|sub|sup|span|div|a|br|math|mi|mo|mrow)(?: [^<>]*)?>")
HEADERS = {
    "From": "Broadsheet <digests@papers.example.org>",
    "To": "ada@example.org",
    "List-Id": "Broadsheet <digests.papers.example.org>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
    "MIME-Version": "1.0",
}


@pytest.fixture
def papers(shared: Path, settings, db) -> list[int]:
    """Papers of arXiv and of Daily Papers, as they are; their site."""
    from broadsheet.sources.files import huggingface
    from broadsheet.sources.live.arxiv import snapshot

    settings.BROADSHEET = django_settings.BROADSHEET.model_copy(update={"site_url": SITE, "limits": "off"})
    settings.DEFAULT_FROM_EMAIL, settings.ALLOWED_HOSTS = "digests@papers.example.org", ["papers.example.org"]
    with open_source(shared / "data/arxiv-metadata-oai-snapshot.json.gz", now=NOW) as opened:
        step = 82_762 // PAPERS
        store([*islice(snapshot.read(opened), 0, None, step)], now=NOW)
    for path in sorted(shared.glob("data/hf_daily/*.json"))[::4]:
        with open_source(path, now=NOW) as opened:
            store([*huggingface.read(opened)], now=NOW)
    return list(Paper.objects.values_list("pk", flat=True))


def readers() -> tuple[Channel, list[Topic]]:
    recipient = Recipient.objects.create(key="ada@example.org", address="ada@example.org", confirmed_at=NOW)
    kinds = (("search", "graph neural networks"), ("category", "cs.CL"), ("trending", ""))
    made = [
        Topic.objects.create(slug=f"t{number}", name=f"Topic {name or kind}", wanted={"kind": kind, "name": name}, made_at=NOW)
        for number, (kind, name) in enumerate(kinds)
    ]  # fmt: skip
    return Channel.objects.create(recipient=recipient, kind="mail", made_at=NOW), made


def choice(chance: random.Random, papers: list[int], topics: list[Topic]) -> Choice:
    chosen = chance.sample(papers, chance.randint(1, 40))
    cuts = sorted(chance.choices(range(len(chosen) + 1), k=2))
    parts = (chosen[: cuts[0]], chosen[cuts[0] : cuts[1]], chosen[cuts[1] :])
    return Choice(
        tuple(
            ChosenTopic(one.pk, one.slug, one.name, tuple(ChosenPaper(pk, 1) for pk in part), len(part) + 1)
            for one, part in zip(topics, parts, strict=True)
            if part
        ),
        chance.choice((0, 63)),
    )


def database() -> str:
    """All rows of the catalogue and of mail."""
    rooms = ("papers", "daily", "digests", "community", "library")
    rows = (
        row
        for room in rooms
        for model in apps.get_app_config(room).get_models()
        for row in model.objects.order_by("pk")[:500]
    )
    return serializers.serialize("jsonl", rows)


@pytest.mark.thorough
def test_ten_thousand_mails_of_real_papers(papers, settings):
    channel, those = readers()
    chance = random.Random(14)
    links: set[str] = set()
    for number in range(MAILS):
        chosen = choice(chance, papers, those)
        mail, told = compose(
            channel.recipient, channel, chosen, at=NOW + timedelta(seconds=number / 100),
            message_id=f"{number}@papers.example.org", window="2026-11-20", next_at=NOW + timedelta(days=1),
        )  # fmt: skip
        assert re.search(
            rb"\r\nList-Unsubscribe: <https://papers\.example\.org/unsubscribe/[\w-]{32}>\r\n", mail
        )
        links |= looked_at(mail, len(told))
    # The site's own topic is made when a page asks for it first.
    trending(NOW)
    before = database()
    client = Client(headers={"host": "papers.example.org"})
    sample = {link for link in links if "/papers/" not in link}
    sample |= set(chance.sample(sorted(links - sample), LOOKED_AT))
    for link in sample:
        assert (
            client.get(
                urlsplit(link)._replace(scheme="", netloc="", fragment="").geturl(), secure=True
            ).status_code
            == 200
        ), link
    assert database() == before


def looked_at(mail: bytes, many: int) -> set[str]:
    """The links of a mail, which is read by the standard library and is as it should be."""
    read = message_from_bytes(mail, policy=policy.default)
    text, html = (part.get_content() for part in read.iter_parts())
    assert {name: read[name] for name in HEADERS} == HEADERS
    assert not read.defects
    assert 0 < len(read["Subject"]) <= 70
    assert len(html.encode()) <= 90_000
    assert text.count("    Why: ") == html.count('<h3 class="title"') == many
    assert not TEX.search(text), TEX.search(text)
    assert not TAG.search(text), TAG.search(text)
    assert "<script" not in html
    assert "<img" not in html
    found = set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith(f"{SITE}/") for link in found)
    # A text names the page of each paper, and the ways to manage and to end it, each on a line of its own.
    pages = {link for link in found if "/papers/" in link and not link.endswith("/similar")}
    assert pages <= {line.strip() for line in text.splitlines()}
    return {unescape(link) for link in found}
