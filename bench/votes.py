"""How many votes a second are kept, beside what a bare loop of SQLite commits in the same run.

Twenty voters vote in process, over HTTP, and over HTTP while an import writes. Each turn of theirs follows
one of the loop, which commits a row at a time with synchronous FULL into a file of its own on the same disk.
Two readers ask for pages all the while. In the end every vote that was acknowledged must be there, and no
tally be wrong. With a server of PostgreSQL, as `tools/postgres.py` starts one, there is no loop to compare
with.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from server import COMMAND, precise_cpu_seconds, serving

VOTERS, WRITERS, READERS = 20, 16, 2
PAPERS, DAYS = 2000, 20
# A reader asks for a page so often.
PACE_SECONDS = 0.05
CAST_FOR_CPU = 600
NOW = datetime.now(UTC)
WORDS = "the network learns a bound of on every layer while training stays stable for wide inputs".split()  # noqa: SIM905


@dataclass
class Outcome:
    """What the turns of a way to vote gave, beside those of the loop before each."""

    rates: list[float] = field(default_factory=list)
    loops: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    pages_beside_the_loop: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def told(self, name: str) -> str:
        """One line of figures."""
        said = f"{name:28} {statistics.median(self.rates):6.0f} votes a second"
        if self.loops:
            ratios = sorted(rate / loop for rate, loop in zip(self.rates, self.loops, strict=True))
            said += f", loop {statistics.median(self.loops):5.0f}, ratio {statistics.median(ratios):.2f}"
            said += f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        said += f"; p99 {1000 * at(self.waits, 0.99):.0f} ms"
        if self.cpu:
            said += f"; CPU {statistics.median(self.cpu):.2f} ms a vote"
        if self.pages:
            p95, before = (1000 * at(them, 0.95) for them in (self.pages, self.pages_beside_the_loop))
            said += f"; pages p95 {p95:.0f} ms, without votes {before:.0f}"
        return said


def at(values: list[float], share: float) -> float:
    """The percentile of that share."""
    return sorted(values)[int(len(values) * share)] if values else 0.0


def bare_loop(folder: Path, seconds: float) -> float:
    """Commits a second of one writer in a file beside the database."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE IF NOT EXISTS votes (person INTEGER, paper INTEGER)"
    )
    done, begun = 0, time.perf_counter()
    while time.perf_counter() < begun + seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO votes VALUES (?, ?)", (done, done))
        connection.execute("COMMIT")
        done += 1
    connection.close()
    return done / (time.perf_counter() - begun)


def prepare() -> list[str]:
    """Papers and voters; gives the cookie of a session of each voter."""
    from broadsheet.accounts.models import Person
    from broadsheet.papers.catalogue import store
    from broadsheet.papers.identifiers import Identifier
    from broadsheet.papers.record import Listing, Record

    records = [
        Record(
            source="huggingface",
            key=str(number),
            title=f"Tides of the kind {number}",
            abstract=" ".join(WORDS[(number + i * 7) % len(WORDS)] for i in range(120)),
            identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
            listings=(Listing(NOW.date() - timedelta(days=number % DAYS), 1),),
        )
        for number in range(1, PAPERS + 1)
    ]
    for start in range(0, PAPERS, 500):
        store(records[start : start + 500], now=NOW)
    people = [Person.objects.create(handle=f"reader-{n}", vouched_at=NOW) for n in range(VOTERS)]
    return [session_of(person) for person in people]


def session_of(person: object) -> str:
    """The cookie of a new session, as whoever signs in gets one."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib import auth

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def papers_in_turn(voter: int, of: int) -> Iterator[tuple[int, str]]:
    """The papers, each voter beginning elsewhere; each once."""
    from broadsheet.papers.models import Paper

    papers = list(Paper.objects.filter(pk__lte=PAPERS).order_by("pk").values_list("pk", "public_id"))
    start = voter * len(papers) // of
    return iter(papers[start:] + papers[:start])


class Client:
    """One kept connection, of a person with an address of their own; no library, to spare the processor."""

    def __init__(self, port: int, number: int, cookie: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._said = (
            f"Host: 127.0.0.1\r\nX-Forwarded-For: 10.1.1.{number + 1}\r\nAccept-Encoding: gzip\r\n"
            "Sec-Fetch-Site: same-origin\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
        )

    def ask(self, line: str, body: str = "") -> int:
        """Send a request and read its answer; gives the status."""
        form = (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            if body
            else ""
        )
        self._socket.sendall(f"{line} HTTP/1.1\r\n{self._said}{form}\r\n{body}".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._received()
        head, _, rest = got.partition(b"\r\n\r\n")
        length = next(
            (
                int(one.split(b":")[1])
                for one in head.lower().split(b"\r\n")
                if one.startswith(b"content-length")
            ),
            0,
        )
        while len(rest) < length:
            rest += self._received()
        return int(head.split(b" ", 2)[1])

    def _received(self) -> bytes:
        if piece := self._socket.recv(65536):
            return piece
        raise SystemExit("the server closed a connection")


def at_once(voters: list[Iterator[float]], seconds: float) -> tuple[float, list[float]]:
    """Votes a second of all voters at once, and how long each vote took."""
    ends = threading.Event()

    def until_the_end(votes: Iterator[float]) -> list[float]:
        taken = []
        while not ends.is_set():
            taken.append(next(votes))
        return taken

    with ThreadPoolExecutor(len(voters)) as pool:
        begun = time.perf_counter()
        tasks = [pool.submit(until_the_end, votes) for votes in voters]
        time.sleep(seconds)
        ends.set()
        waits = [wait for task in tasks for wait in task.result()]
        return len(waits) / (time.perf_counter() - begun), waits


def in_process(voter: int) -> Iterator[float]:
    """Vote for one paper after the other."""
    from broadsheet.accounts.access import Viewer
    from broadsheet.accounts.models import Person
    from broadsheet.community import voting

    viewer = Viewer(Person.objects.get(handle=f"reader-{voter}"))
    for pk, name in papers_in_turn(voter, WRITERS):
        begun = time.perf_counter()
        assert voting.cast(viewer, pk, f"arxiv:{name}", now=NOW).stands
        yield time.perf_counter() - begun


def over_http(port: int, voter: int, cookie: str) -> Iterator[float]:
    """Press the button of one paper after the other."""
    client = Client(port, voter, cookie)
    for _, name in papers_in_turn(voter, VOTERS):
        begun = time.perf_counter()
        status = client.ask(f"POST /papers/{name}/vote", "stands=yes")
        if status != 303:
            raise SystemExit(f"a vote was answered {status}")
        yield time.perf_counter() - begun


@contextmanager
def reading(port: int) -> Iterator[list[tuple[float, float]]]:
    """Readers who ask for pages all the while: when each page was asked for, and how long it took."""
    asked: list[tuple[float, float]] = []
    ends = threading.Event()

    def read(number: int) -> None:
        client, chosen = Client(port, 100 + number), random.Random(number)
        while not ends.wait(PACE_SECONDS):
            page = chosen.choice(("/", "/papers/trending", f"/papers/2611.{chosen.randint(1, PAPERS):05}"))
            begun = time.perf_counter()
            assert client.ask(f"GET {page}") == 200
            asked.append((begun, time.perf_counter() - begun))

    with ThreadPoolExecutor(READERS) as pool:
        tasks = [pool.submit(read, number) for number in range(READERS)]
        try:
            yield asked
        finally:
            ends.set()
        for task in tasks:
            task.result()


@contextmanager
def importing(folder: Path) -> Iterator[None]:
    """An import of new papers without end, which reads them from its standard input."""
    command = [*COMMAND, "--data", str(folder), "import", "-"]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, text=True)
    try:
        assert running.stdin
        threading.Thread(target=tell, args=(running.stdin,), daemon=True).start()
        before = papers_there()
        while papers_there() == before:
            if running.poll() is not None:
                raise SystemExit(f"the import ended: {running.stderr and running.stderr.read()}")
            time.sleep(0.1)
        yield
        print(f"the import stored {papers_there() - before:,} papers meanwhile")
    finally:
        running.terminate()
        running.wait()


def papers_there() -> int:
    """How many papers there are."""
    from broadsheet.papers.models import Paper

    return Paper.objects.count()


def tell(into: IO[str]) -> None:
    """Write records of a snapshot until nobody reads them."""
    for number in itertools.count(1):
        abstract = " ".join(WORDS[(number * 3 + i * 7) % len(WORDS)] for i in range(150))
        record = {
            "id": f"{2001 + number // 100_000:04}.{number % 100_000:05}",
            "title": f"Currents of the kind {number}",
            "authors": "Ada Berg, Ben Carr and Cleo Dahl",
            "abstract": abstract,
            "categories": "cs.LG stat.ML",
            "versions": [{"version": "v1", "created": "Mon, 2 Nov 2026 10:00:00 GMT"}],
            "update_date": "2026-11-02",
            "authors_parsed": [["Berg", "Ada", ""], ["Carr", "Ben", ""], ["Dahl", "Cleo", ""]],
        }
        try:
            into.write(json.dumps(record) + "\n")
        except (BrokenPipeError, ValueError):
            return


def cpu_of_a_vote(cookies: list[str]) -> float:
    """Milliseconds of CPU of a session that is looked up and the vote of its person; the median of ten."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from broadsheet.accounts.access import Viewer
    from broadsheet.community import voting

    sessions, spent = import_module(settings.SESSION_ENGINE).SessionStore, []
    key, papers = cookies[-1].partition("=")[2], list(papers_in_turn(0, 1))[-CAST_FOR_CPU:]
    for start in range(0, CAST_FOR_CPU, CAST_FOR_CPU // 10):
        begun = time.process_time()
        for pk, name in papers[start : start + CAST_FOR_CPU // 10]:
            request = HttpRequest()
            request.session = sessions(key)
            person = get_user(request)
            assert not isinstance(person, AnonymousUser)
            voting.cast(Viewer(person), pk, f"arxiv:{name}", now=NOW)
        spent.append((time.process_time() - begun) / (CAST_FOR_CPU // 10))
    return 1000 * statistics.median(spent)


def a_round(
    vote: Callable[[], tuple[float, list[float]]],
    outcome: Outcome,
    *,
    folder: Path,
    seconds: float,
    pid: int = 0,
    pages: list[tuple[float, float]] | None = None,
) -> int:
    """A turn of the loop and one of the voters; gives how many votes were acknowledged."""
    begun = time.perf_counter()
    if os.environ.get("BROADSHEET_DATABASE_URL"):
        time.sleep(seconds)
    else:
        outcome.loops.append(bare_loop(folder, seconds))
    turned, before = time.perf_counter(), precise_cpu_seconds(pid) if pid else 0.0
    rate, waits = vote()
    if pid:
        outcome.cpu.append(1000 * (precise_cpu_seconds(pid) - before) / len(waits))
    outcome.rates.append(rate)
    outcome.waits += waits
    if pages is not None:
        outcome.pages_beside_the_loop += [took for at_, took in pages if begun <= at_ < turned]
        outcome.pages += [took for at_, took in pages if turned <= at_]
    return len(waits)


def race(folder: Path, rounds: int, seconds: float) -> None:
    """All ways to vote, each with the loop in turn; raises where a vote is lost or a tally is wrong."""
    from broadsheet.community import counting
    from broadsheet.community.models import Vote

    cookies, cast = prepare(), 0
    outcome = Outcome()
    voters = [in_process(voter) for voter in range(WRITERS)]
    for _ in range(rounds):
        cast += a_round(lambda: at_once(voters, seconds), outcome, folder=folder, seconds=seconds)
    print(outcome.told(f"in process, {WRITERS} writers"), flush=True)
    Vote.objects.all().delete()
    counting.recount_all()
    cast = 0
    with serving(folder, "--no-worker") as (pid, port), reading(port) as pages:
        for name, beside in (("over HTTP", None), ("over HTTP beside an import", importing)):
            outcome = Outcome()
            voters = [over_http(port, voter, cookie) for voter, cookie in enumerate(cookies)]
            with ExitStack() as stack:
                if beside:
                    stack.enter_context(beside(folder))
                for _ in range(rounds):
                    cast += a_round(
                        lambda: at_once(voters, seconds),  # noqa: B023 - it is called at once
                        outcome,
                        folder=folder,
                        seconds=seconds,
                        pid=pid,
                        pages=pages,
                    )
            print(outcome.told(f"{name}, {VOTERS} voters"), flush=True)
            kept(cast)
            Vote.objects.all().delete()
            counting.recount_all()
            cast = 0
    print(f"CPU of a session and its vote, in process: {cpu_of_a_vote(cookies):.2f} ms")


def kept(cast: int) -> None:
    """Raises where a vote that was acknowledged is not there, or a tally is wrong."""
    from broadsheet.community import counting
    from broadsheet.community.models import Vote

    there, wrong = Vote.objects.count(), counting.recount_all()
    if there != cast or wrong:
        raise SystemExit(f"{cast} votes were acknowledged and {there} are there; {wrong} tallies are wrong")
    print(f"{cast:,} votes acknowledged, all are there, no tally is wrong")


def main() -> None:
    """Fill a folder of its own, and let them vote."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BROADSHEET_DATA": folder,
            "BROADSHEET_LIMITS": "off",
            "BROADSHEET_ACCESS": "invitation",
            "BROADSHEET_SOURCES": "",
            # Each voter has an address of their own.
            "BROADSHEET_PROXIES": "1",
            "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        race(Path(folder), asked.rounds, asked.seconds)


if __name__ == "__main__":
    main()
