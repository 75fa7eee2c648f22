"""How fast an OAI-PMH harvest is read and stored, and whether its memory stays flat.

    python bench/harvest.py [RECORDS]

A process of its own serves made-up records, 2,500 on a page, in both formats. Ours fetches all pages of both,
parses them and stores the papers in a new SQLite database; the peer, oaipmh-scythe, fetches and parses those
of one format and keeps nothing. The time that fetching takes is left out of our figures and is in the peer's.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import psutil
from oaipmh_scythe import Scythe

PAGE = 2500
DAY = "2026-11-21"
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
WORDS = (
    *("tide", "table", "scheduler", "sparse", "latent", "graph", "robot", "dune", "video", "harmonic"),
    *("error", "bound", "shared", "cluster", "forest", "signal", "token", "quantum", "policy", "kernel"),
)
NAMES = [first + last for first in ("Val", "Bir", "Koe", "Nor") for last in ("e", "ka", "ning", "berg")]
HEAD = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
LICENSE = "http://creativecommons.org/licenses/by/4.0/"
SENT = "Thu, 19 Nov 2026 17:42:10 GMT"


def record(number: int, form: str) -> str:
    """The record of a number, in a format: an abstract of 1,200 letters, and five authors."""
    chance = random.Random(number)
    key = f"{2000 + number // 100_000:04}.{number % 100_000:05}"
    names = chance.sample(NAMES, 5)
    if form == "arXiv":
        authors = "".join(
            f"<author><keyname>{name}</keyname><forenames>Ines</forenames></author>" for name in names
        )
        said = f"<id>{key}</id><created>{DAY}</created><authors>{authors}</authors>"
    else:
        version = f'<version version="v1"><date>{SENT}</date><size>64kb</size></version>'
        said = f"<id>{key}</id>{version}<authors>{', '.join(f'Ines {name}' for name in names)}</authors>"
    text = " ".join(chance.choices(WORDS, k=180))
    return (
        f"<record><header><identifier>oai:arXiv.org:{key}</identifier><datestamp>{DAY}</datestamp>"
        f'<setSpec>cs:cs:LG</setSpec></header><metadata><{form} xmlns="http://arxiv.org/OAI/{form}/">{said}'
        f"<title>{text[:60]} {number}</title><categories>cs.LG stat.ML</categories>"
        f"<license>{LICENSE}</license><abstract>  {text}\n</abstract></{form}></metadata></record>"
    )


class Repository(BaseHTTPRequestHandler):
    """Answers ListRecords; a token is the format and the number of the page."""

    protocol_version = "HTTP/1.1"
    total = 0

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        form, _, page = asked.get("resumptionToken", f"{asked.get('metadataPrefix')} 0").partition(" ")
        first, end = int(page) * PAGE, min((int(page) + 1) * PAGE, self.total)
        token = f"{form} {int(page) + 1}" if end < self.total else ""
        records = "".join(record(number, form) for number in range(first, end))
        body = f"{HEAD}{records}<resumptionToken>{token}</resumptionToken></ListRecords></OAI-PMH>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def serve(total: int, port: multiprocessing.Queue) -> None:
    Repository.total = total
    with HTTPServer(("127.0.0.1", 0), Repository) as server:
        port.put(server.server_port)
        server.serve_forever()


@dataclass
class Memory:
    """What this process held, in MB: in the first tenth of the work, and at most.

    Of files that are mapped into memory, as SQLite does with the first 256 MB of its own, nothing is counted.
    """

    total: int
    early: float = 0
    most: float = 0

    def look(self, done: int) -> None:
        now = psutil.Process().memory_info()
        self.most = max(self.most, (now.rss - now.shared) / 1e6)
        if done <= self.total / 10:
            self.early = self.most


@dataclass
class Cost:
    """Seconds on the wall and of the processor, over all that ran in `with` blocks, or but for it."""

    wall: float = 0
    cpu: float = 0

    @contextmanager
    def counted(self, sign: int = 1):
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall += sign * (time.perf_counter() - wall)
        self.cpu += sign * (time.process_time() - cpu)


def ours(url: str, total: int) -> tuple[Cost, Memory]:
    """Harvest into a new database; what fetching costs is left out."""
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
            "BROADSHEET_DATA": data,
            "BROADSHEET_ARXIV_OAI_URL": url,
            "BROADSHEET_CATEGORIES": "cs.LG",
            "BROADSHEET_LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from broadsheet.sources import ingesting
        from broadsheet.sources.live.arxiv.oai import OAI
        from broadsheet.sources.live.fetching.clock import Clock
        from broadsheet.sources.live.fetching.fetcher import Fetcher

        cost, memory = Cost(), Memory(total)

        class Uncounted(Fetcher):
            def get(self, *arguments, **options):
                with cost.counted(-1):
                    return super().get(*arguments, **options)

        # Each look at the clock finds that our turn has come.
        times = itertools.count()
        clock = Clock(now=lambda: NOW + next(times) * timedelta(seconds=3), sleep=lambda _: None)
        with Uncounted(clock=clock, patience=timedelta(hours=1)) as fetcher, cost.counted():
            report = ingesting.ingest(
                [OAI], fetcher=fetcher, now=lambda: NOW, progress=lambda one: memory.look(one.read)
            )
        if report.sources[0].new != total:
            sys.exit(f"{report.sources[0].new} of {total} were stored: {report.sources[0].failure}")
        return cost, memory


def scythe(url: str, total: int) -> tuple[Cost, Memory]:
    """Fetch and parse the records of one format, and forget them."""
    cost, memory = Cost(), Memory(total)
    with Scythe(url) as client, cost.counted():
        for number, _ in enumerate(client.list_records(metadata_prefix="arXivRaw"), start=1):
            if number % PAGE == 0:
                memory.look(number)
    return cost, memory


def main() -> None:
    """Serve, harvest, and print what it took."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    spawn = multiprocessing.get_context("spawn")
    port = spawn.Queue()
    server = spawn.Process(target=serve, args=(total, port), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{port.get()}/oai"
    for name, measure in (("parsed and stored", ours), ("oaipmh-scythe", scythe)):
        with ProcessPoolExecutor(1, mp_context=spawn) as pool:
            cost, memory = pool.submit(measure, url, total).result()
        print(f"{name:18} {total:8} records {cost.wall:7.1f} s, {cost.cpu:6.1f} s CPU", end="")
        print(f" {total / cost.wall:7.0f} a second; {memory.early:5.0f} MB after a tenth", end="")
        print(f" {memory.most:5.0f} MB at most", flush=True)
    server.kill()


if __name__ == "__main__":
    main()
