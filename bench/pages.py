"""What kept pages cost the server; and a day's page of 50 papers: queries, bytes with all it loads."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from server import cpu_seconds, serving
from votes import session_of

if TYPE_CHECKING:
    from broadsheet.papers.record import Record

DAY = date(2026, 11, 20)
PAPERS = 50
REQUESTS = 800
CROWD = 40
SEARCH = "/papers?q=bounds+of+wide+networks"
A_BATCH = 1000
WORDS = "the network learns a bound of $O(n^2)$ on every layer while training stays stable".split()  # noqa: SIM905


def paper(number: int, now: datetime) -> Record:
    """The paper of that number, with an abstract of about 170 words with some maths."""
    from broadsheet.papers.identifiers import Identifier
    from broadsheet.papers.record import AuthorName, Link, Listing, OrganizationName, Record, Signal

    return Record(
        source="huggingface",
        key=str(number),
        title=f"Paper number {number} about the bounds of wide networks",
        abstract=" ".join(WORDS[(number + i * 7) % len(WORDS)] for i in range(170)),
        authors=tuple(AuthorName(f"Author {number + i} Family{i}") for i in range(7)),
        identifiers=(Identifier("arxiv", f"{2611 + number // 100_000:04}.{number % 100_000:05}"),),
        organizations=(OrganizationName(f"lab{number % 9}", f"Lab {number % 9}"),),
        published_at=now - timedelta(days=3),
        categories=("cs.LG", "stat.ML"),
        links=(Link("code", f"https://github.com/lab/{number}"),),
        signals=(Signal("upvotes", number), Signal("comments", number % 5)),
        listings=(Listing(DAY, number),) if number <= PAPERS else (),
    )


def fill(count: int) -> None:
    """A catalogue with `count` papers, the first PAPERS of them listed on one day."""
    from broadsheet.papers.catalogue import store

    now = datetime.now(UTC)
    for first in range(1, count + 1, A_BATCH):
        store([paper(number, now) for number in range(first, min(first + A_BATCH, count + 1))], now=now)


def index() -> None:
    """Have the papers found by words."""
    from broadsheet.search import indexing

    while indexing.catch_up():
        pass


def together(port: int, path: str) -> float:
    """Milliseconds until CROWD clients have a page that nobody asked for before, all at once."""

    def ask() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        link.request("GET", path, headers={"Accept-Encoding": "gzip"})
        assert link.getresponse().status == 200

    began = time.perf_counter()
    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(lambda _: ask(), range(CROWD)))
    return (time.perf_counter() - began) * 1000


def queries(count: int) -> int:
    """How many queries the page takes when nothing is cached."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(f"/papers/date/{DAY}", headers={"host": "localhost"})
    assert answer.status_code == 200, answer.status_code
    print(f"{count:4} papers: {len(captured)} queries")
    return len(captured)


def measured(pid: int, port: int, path: str, cookie: str = "") -> float:
    """Milliseconds of CPU a request, all server processes together, over one kept connection; of somebody
    who signed in, where there is a cookie.
    """
    link = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})

    def ask(times: int) -> None:
        for _ in range(times):
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

    ask(50)
    before = cpu_seconds(pid)
    ask(REQUESTS)
    return (cpu_seconds(pid) - before) * 1000 / REQUESTS


def weight(port: int, path: str) -> None:
    """Print the gzipped size of the page and of everything it loads."""
    link = http.client.HTTPConnection("127.0.0.1", port)

    def fetch(address: str) -> bytes:
        link.request("GET", address, headers={"Accept-Encoding": "gzip"})
        return link.getresponse().read()

    page = fetch(path)
    text = gzip.decompress(page).decode()
    parts = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)))
    sizes = {path: len(page)} | {part: len(fetch(part)) for part in parts}
    for part, size in sizes.items():
        print(f"{size / 1000:7.1f} kB {part}")
    print(f"{sum(sizes.values()) / 1000:7.1f} kB in all")


def main() -> None:
    """Fill a folder of its own, then count, serve and measure."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BROADSHEET_DATA": folder, "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from broadsheet.accounts.models import Person

        for count in (10, PAPERS):
            fill(count)
            queries(count)
        index()
        reader = Person.objects.create(handle="reader", vouched_at=datetime.now(UTC))
        path, cookie = f"/papers/date/{DAY}", session_of(reader)
        with serving(Path(folder), "--no-worker") as (pid, port):
            health = measured(pid, port, "/healthz")
            for place in (path, "/papers/2611.00001", "/", SEARCH, "/healthz"):
                spent = measured(pid, port, place)
                print(f"CPU a request, warm: {spent:.2f} ms {place}, ratio to /healthz {spent / health:.1f}")
                if place != "/healthz":
                    own = measured(pid, port, place, cookie)
                    print(f"   of a reader who signed in: {own:.2f} ms, {own - spent:.2f} more")
            for crowd in ("/papers?q=layer+training", "/papers/week/2026-W47"):
                before = cpu_seconds(pid)
                waited = together(port, crowd)
                spent = (cpu_seconds(pid) - before) * 1000
                print(
                    f"{CROWD} at once for {crowd}: {spent:.0f} ms of CPU in all, {waited:.0f} ms of waiting"
                )
            weight(port, path)


if __name__ == "__main__":
    main()
