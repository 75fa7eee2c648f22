"""What programs cost: CPU of an answer, what an interface adds to the verb below it, memory of what is long.

    python bench/api.py [--papers N] [--data DATA] [PART ...]

Without DATA, a data folder with an index, a folder of its own is filled with N made-up papers and indexed
by words. Parts are run one after the other, each with a server of its own; one that this version of the
server has no address for says so.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from pages import DAY, fill
from search_room import memory
from search_texts import QUESTIONS, WARMING
from search_times import timed
from server import COMMAND, cpu_seconds, serving

REQUESTS, CLIENTS = 1500, 4
LIMIT = 20
SMALL = 2000


class MissingError(Exception):
    """The server has no such address, or nothing there."""


class Link:
    """A kept connection to a server."""

    def __init__(self, port: int) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, path: str, *, expected: int = http.client.OK, body: bytes | None = None, **headers: str):
        """The answer and its body. Raises MissingError for another status than the one expected."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self._link.request("POST" if body else "GET", path, body, {"Accept-Encoding": "gzip"} | headers)
        answer = self._link.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise MissingError(f"{path} was answered with {answer.status}")
        return answer, content


def cpu(pid: int, ask: Callable[[], object]) -> float:
    """Milliseconds of CPU a request, all server processes together, after some for warming up."""
    for _ in range(50):
        ask()
    before = cpu_seconds(pid)
    for _ in range(REQUESTS):
        ask()
    return (cpu_seconds(pid) - before) * 1000 / REQUESTS


def daily(data: Path) -> None:
    """The list of a day in Hugging Face's form; peer: the same server's /healthz."""
    with serving(data, "--no-worker") as (pid, port):
        link = Link(port)
        _, content = link.ask(f"/api/daily_papers?date={DAY}", Accept_Encoding="identity")
        count = len(json.loads(content))
        ours = cpu(pid, lambda: link.ask(f"/api/daily_papers?date={DAY}"))
        peer = cpu(pid, lambda: link.ask("/healthz"))
    print(f"daily: {ours:.2f} ms of CPU for {count} papers; /healthz {peer:.2f} ms, ratio {ours / peer:.1f}")


def feeds(data: Path) -> None:
    """A feed that did not change, asked for by several at once; peer: the same server's /healthz."""
    path = f"/papers/date/{DAY}.atom"
    with serving(data, "--no-worker") as (pid, port):
        etag = Link(port).ask(path)[0].headers["ETag"]
        unchanged, used = rate(pid, port, path, expected=http.client.NOT_MODIFIED, If_None_Match=etag)
        peer, peer_used = rate(pid, port, "/healthz", expected=http.client.OK)
    print(f"feeds: {unchanged:.0f} answers of 304 a second, {used:.2f} ms of CPU each", end="")
    print(
        f"; /healthz {peer:.0f} a second, {peer_used:.2f} ms; {os.cpu_count()} cores, the clients' share too"
    )


def rate(pid: int, port: int, path: str, *, expected: int, **headers: str) -> tuple[float, float]:
    """Requests a second by CLIENTS at once, and milliseconds of the server's CPU for each."""

    def hammer(times: int) -> None:
        link = Link(port)
        for _ in range(times):
            link.ask(path, expected=expected, **headers)

    hammer(50)
    started, before = time.perf_counter(), cpu_seconds(pid)
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(hammer, [REQUESTS] * CLIENTS))
    seconds, used = time.perf_counter() - started, cpu_seconds(pid) - before
    return REQUESTS * CLIENTS / seconds, used * 1000 / (REQUESTS * CLIENTS)


def search(data: Path) -> None:
    """A search through our own API, beside the engine's answer in this process, and beside only finding."""
    from broadsheet.search import answering, finding

    def over_http(link: Link, text: str) -> None:
        link.ask(f"/api/v1/search?limit={LIMIT}&q={quote(text)}")

    def answered(text: str) -> object:
        return answering.answer(finding.find(text, limit=LIMIT))

    added("search", data, over_http, answered)
    added("search, beside only finding", data, over_http, lambda text: finding.find(text, limit=LIMIT))


def mcp(data: Path) -> None:
    """A tool called over HTTP, beside the same tool called in this process."""
    from broadsheet.api.mcp import tools

    def over_http(link: Link, text: str) -> None:
        call = {"name": "search_papers", "arguments": {"query": text, "limit": LIMIT}}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode()
        sent = {"Accept": "application/json, text/event-stream", "Content_Type": "application/json"}
        _, content = link.ask("/mcp", body=body, Accept_Encoding="identity", **sent)
        if json.loads(content).get("result", {}).get("isError", True):
            raise MissingError(f"the tool answered {content[:200]!r}")

    added("mcp", data, over_http, lambda text: tools.search_papers(text, limit=LIMIT))


def arxiv(data: Path) -> None:
    """A search in arXiv's form, beside the index in this process; arXiv itself takes one in three seconds."""
    from broadsheet.api.arxiv import query
    from broadsheet.search import listing

    def typed(text: str) -> str:
        return " OR ".join(f"all:{word}" for word in re.findall(r"\w+", text))

    def over_http(link: Link, text: str) -> None:
        link.ask(f"/api/query?max_results={LIMIT}&search_query={quote(typed(text))}")

    def in_process(text: str) -> object:
        return listing.listed(query.parse(typed(text)), sort="relevance", limit=LIMIT)

    added("arxiv", data, over_http, in_process)


def added(
    part: str, data: Path, over_http: Callable[[Link, str], None], in_process: Callable[[str], object]
) -> None:
    """Print what the way over HTTP adds to each question, on the clock and of CPU; each is asked once."""
    for text in WARMING:
        in_process(text)
    below = [timed(in_process, text) for text in QUESTIONS]
    with serving(data, "--no-worker") as (pid, port):
        link = Link(port)
        for text in WARMING:
            over_http(link, text)
        before = cpu_seconds(pid)
        above = [timed(lambda text: over_http(link, text), text)[0] for text in QUESTIONS]
        used = (cpu_seconds(pid) - before) * 1000 / len(QUESTIONS)
    more = statistics.median(above) - statistics.median(clock for clock, _ in below)
    more_used = used - statistics.mean(spent for _, spent in below)
    print(f"{part}: {_spread(above)} ms over HTTP, {_spread([clock for clock, _ in below])} ms below", end="")
    print(f" (median / 95th percentile); added {more:.1f} ms, {more_used:.1f} ms of CPU on average")


def _spread(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f}"


def changes(data: Path) -> None:
    """All changes by the cursor: papers a second, memory of the server in the first tenth and at most."""
    with serving(data, "--no-worker") as (pid, port):
        link, cursor, is_more, count = Link(port), "0", True, 0
        started, sizes = time.perf_counter(), []
        while is_more:
            path = f"/api/v1/changes?limit=1000&since={quote(cursor)}"
            page = json.loads(link.ask(path, Accept_Encoding="identity")[1])
            count, cursor, is_more = count + len(page["changes"]), page["next"], page["more"]
            sizes.append(sum(memory(pid, "VmRSS")))
        seconds = time.perf_counter() - started
    early = max(sizes[: len(sizes) // 10 + 1])
    print(f"changes: {count:,} papers, {count / seconds:,.0f} a second", end="")
    print(f"; {early:.0f} MB in the first tenth, {max(sizes):.0f} MB at most")


def export(data: Path) -> None:
    """The catalogue as JSON Lines."""
    written("export", data, "all.jsonl")


def dump(data: Path) -> None:
    """The public dump: JSON Lines and a SQLite file, both compressed."""
    written("dump", data, "dumps")


def written(command: str, data: Path, name: str) -> None:
    """Print seconds and peak memory of the command that writes there; peer: a command that only starts."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        peak = peak_of(data, command, str(Path(folder, name)))
        seconds = time.perf_counter() - started
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6
    start = peak_of(data, "config")
    print(f"{command}: {size:.1f} MB in {seconds:.1f} s, {peak:.0f} MB at most; only to start {start:.0f} MB")


def peak_of(data: Path, *words: str) -> float:
    """Megabytes of memory that the command took at most. Raises MissingError where it fails."""
    peak, command = 0.0, [*COMMAND, "--data", str(data), *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            # Its last moment may be between two looks.
            with suppress(OSError, IndexError):
                peak = sum(memory(process.pid, "VmHWM"))
            time.sleep(0.01)
    if process.returncode:
        raise MissingError(f"{words[0]} ended with {process.returncode}")
    return peak


PARTS: dict[str, Callable[[Path], None]] = {
    part.__name__: part for part in (daily, feeds, search, mcp, arxiv, changes, export, dump)
}


def main() -> None:
    """Fill a folder unless there is one, then run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--papers", type=int, default=SMALL)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part is called {min(unknown)}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        os.environ |= {"BROADSHEET_DATA": str(data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
        prepare(0 if asked.data else asked.papers)
        for part in asked.parts or PARTS:
            try:
                PARTS[part](data)
            except MissingError as problem:
                print(f"{part}: skipped, since {problem}")


def prepare(count: int) -> None:
    """Set up Django, and fill the folder with so many papers."""
    import django
    from django.core.management import call_command

    django.setup()
    if count:
        from broadsheet.search import indexing

        call_command("migrate", verbosity=0)
        fill(count)
        while indexing.catch_up():
            pass


if __name__ == "__main__":
    main()
