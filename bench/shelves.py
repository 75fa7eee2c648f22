"""What pages of a library of 10,000 papers cost, by the CPU of one process: the page, filters, searches.

The papers are chosen from a data folder with an index; whatever is written is rolled back at the end. The
peer is the same site's list of all papers, and its search of all of them, in turn; it shows 25 papers on a
page and the library 50. Each question is asked once before, so that its embedding is known.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from broadsheet.accounts.access import Viewer

KEPT, NOTED, TAGS, TIMES = 10_000, 2_000, 100, 15
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
STATES = ("to_read", "read", "read", "reading", "set_aside")
# What is asked of the library, and what of the site beside it.
ASKED = {
    "the page": ("/library", "/papers"),
    "a state": ("/library?q=state:to_read", "/papers?q=cat:cs.LG"),
    "a tag": ("/library?q=tag:tag7", "/papers?q=cat:cs.LG"),
    "tags that begin so, or a state": ("/library?q=tag:tag1* OR state:reading", "/papers?q=cat:cs.LG"),
    "a word of notes": ("/library?q=note:lemma", "/papers?q=cat:cs.LG"),
    "a month": ("/library?q=saved:2026-10", "/papers?q=year:2024"),
    "a category": ("/library?q=cat:cs.LG", "/papers?q=cat:cs.LG"),
    "newest first": ("/library?sort=date", "/papers"),
    "words, last saved": ("/library?q=graph networks&sort=saved", "/papers?q=graph networks&sort=date"),
    "words and meaning": ("/library?q=graph neural networks", "/papers?q=graph neural networks"),
    "the same of a state": ("/library?q=proteins state:read", "/papers?q=proteins cat:cs.LG"),
}


def fill() -> Viewer:
    """A reader with their library."""
    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.library.models import Note, Saved, Tag, Tagged
    from broadsheet.papers.models import Paper

    chosen = random.Random(1)
    reader = Person.objects.create(handle="bench-of-shelves", vouched_at=NOW)
    papers = list(Paper.objects.order_by("pk").values_list("pk", "public_id"))
    kept = chosen.sample(papers, min(KEPT, len(papers)))
    ago = [timedelta(minutes=chosen.randrange(10**6)) for _ in kept]
    saved = Saved.objects.bulk_create(
        Saved(person=reader, paper_id=pk, named=name, state=chosen.choice(STATES), saved_at=NOW - before)
        for (pk, name), before in zip(kept, ago, strict=True)
    )
    tags = Tag.objects.bulk_create(Tag(person=reader, name=f"tag{number}") for number in range(TAGS))
    Tagged.objects.bulk_create(Tagged(saved=one, tag=tag) for one in saved for tag in chosen.sample(tags, 2))
    words = ["the", "second", "lemma", "needs", "another", "look", "at", "what", "they", "measured"]
    Note.objects.bulk_create(
        Note(
            person=reader,
            paper_id=pk,
            named=name,
            source=" ".join(chosen.choices(words, k=30)),
            written_at=NOW,
        )
        for pk, name in kept[:NOTED]
    )
    return Viewer(reader)


def spent(client: Client, address: str) -> float:
    """Milliseconds of CPU of one answer."""
    begun = time.process_time()
    answer = client.get(address)
    taken = 1000 * (time.process_time() - begun)
    assert answer.status_code == 200, (address, answer.status_code)
    return taken


def measure() -> None:
    """Print a line for each question: the library's, and the site's."""
    from django.core.cache import caches
    from django.test import Client

    from broadsheet.http.shelf import shelf

    client = Client()
    client.force_login(fill().person)
    for name, asked in ASKED.items():
        figures: dict[str, list[float]] = {address: [] for address in asked}
        for _ in range(TIMES + 1):
            for address, taken in figures.items():
                shelf.clear()
                caches["memory"].clear()
                taken.append(spent(client, address))
        mine, peer = (statistics.median(taken[1:]) for taken in figures.values())
        print(f"{name:32} {mine:6.1f} ms; peer {peer:6.1f} ms")


def main() -> None:
    """Measure in a transaction that is taken back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a data folder with an index")
    os.environ |= {
        "BROADSHEET_DATA": str(parser.parse_args(sys.argv[1:]).data),
        "BROADSHEET_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }
    import django
    from django.conf import settings
    from django.db import transaction

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    with transaction.atomic():
        measure()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
