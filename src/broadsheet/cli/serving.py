"""`serve` and `work`: the web server, the worker, and their clean end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from django.conf import settings

from broadsheet.accounts.settings import SINGLE, access
from broadsheet.configured import NEARBY, instance
from broadsheet.jobs import kinds
from broadsheet.jobs.parent import SERVED_BY, end_with_parent
from broadsheet.papers import database_file
from broadsheet.sources.settings import source_settings

if TYPE_CHECKING:
    from granian.server.mp import MPServer

RESTART_AFTER_SECONDS = 5.0
STOP_WITHIN_SECONDS = 10.0
HEADERS_WITHIN_MS = 10_000
MOST_ENDS, ENDS_WITHIN_SECONDS = 5, 60.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BEYOND_THIS_MACHINE = (
    "This address can be reached by others: put a proxy before it, for TLS, and for the limits that a server"
    " cannot hold by itself (docs/operating.md, Limits; deploy/ has nginx and Caddy)."
)


class Worker:
    """The worker as a child process: started again when it dies, ended with the server."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._watch, name="worker-watch", daemon=True).start()

    def stop(self) -> None:
        """End the worker and wait for it; what it was doing is taken up again at the next start."""
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        # A process group of its own: Ctrl-C reaches the server alone, which then ends the worker.
        return subprocess.Popen([sys.executable, "-m", "broadsheet.cli.main", "work"], start_new_session=True)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(RESTART_AFTER_SECONDS):
                self._process = self._start()


@click.command(epilog="Example: broadsheet serve --host 0.0.0.0 --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option("--no-worker", is_flag=True, help="Only serve pages; a worker runs elsewhere.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve the site, and do the work behind it."""
    from broadsheet.accounts.owner import make_link_token
    from broadsheet.papers.models import Paper

    _refuse_a_taken_port(host, port)
    _bring_nobody_back()
    if host not in LOOPBACK and not instance().site_url and not instance().allowed_hosts:
        _answer_nearby()
    if not Paper.objects.exists():
        click.echo(f"The catalogue is empty. {_how_it_fills(has_worker=not no_worker)}")
    os.environ[SERVED_BY] = str(os.getpid())
    if host not in LOOPBACK:
        click.echo(BEYOND_THIS_MACHINE, err=True)
    link = make_link_token(instance().data) if access() == SINGLE else ""
    where = _reachable(host), port, link
    threading.Thread(target=_announce, args=where, name="announce", daemon=True).start()
    # Until granian takes over: a process that SIGTERM ends at once would leave its worker behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = None if no_worker else Worker()
    lost: list[str] = []
    threading.Thread(target=_stop_without_database, args=(lost,), name="database-watch", daemon=True).start()
    try:
        _serve(host, port)
    finally:
        if worker:
            worker.stop()
    if lost:
        raise click.ClickException(lost[0])


def _bring_nobody_back() -> None:
    """Where the database was restored from an older copy: who left, and where no mail may go, stays so."""
    from broadsheet.accounts import leaving
    from broadsheet.digests import suppressing

    leaving.replay(now=datetime.now(UTC))
    suppressing.replay()


def _answer_nearby() -> None:
    """Whoever opens the site to a network without naming it wants it to answer there, and nowhere else.

    The process that serves reads the environment where it is begun anew (Python 3.14), and has the settings
    of this one where it is its fork.
    """
    os.environ["BROADSHEET_ALLOWED_HOSTS"] = NEARBY
    settings.ALLOWED_HOSTS, settings.ONLY_NEARBY = ["*"], True


def _serve(host: str, port: int) -> None:
    """Serve until a signal ends it.

    granian brings back a process that was killed, and gives up where that happens twice within seconds: then
    it is begun anew, unless that happened too often of late, since what cannot run does not run either.
    """
    ends: deque[float] = deque(maxlen=MOST_ENDS)
    while True:
        try:
            _server(host, port).serve()
        except SystemExit:
            ends.append(time.monotonic())
            if len(ends) == MOST_ENDS and ends[-1] - ends[0] < ENDS_WITHIN_SECONDS:
                raise
        else:
            return


def _stop_without_database(lost: list[str]) -> None:
    """Stop serving when the database is not the one any more that was opened; whoever watches starts anew."""
    if why := database_file.wait_until_gone():
        lost.append(why)
        os.kill(os.getpid(), signal.SIGTERM)


def _server(host: str, port: int) -> MPServer:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.mp import MPServer

    from broadsheet.http import capacity

    return MPServer(
        "broadsheet.site.gateway:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # Told to find out by itself, it waits for a first byte without end.
        http=HTTPModes.http1,
        # From the first byte of a request, and from the last of the one before: an idle connection ends, too.
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        websockets=False,
        workers=1,
        backpressure=capacity.room(),
        # A process that was killed comes back (for its memory perhaps); one that cannot run does not.
        respawn_failed_workers=True,
        # A signal in the first moments of granian's own process is lost on it.
        workers_kill_timeout=int(STOP_WITHIN_SECONDS),
        log_enabled=False,
    )


@click.command(epilog="Example: broadsheet work --only mail")
@click.option("--only", type=click.Choice(kinds.NAMES), help="Do only this kind of work.")
@click.option("--no-index", is_flag=True, help="Do all work but indexing.")
def work(only: str | None, no_index: bool) -> None:
    """Do the work behind the site: fetch new papers, keep the search index up to date, send mail.

    The chores are all that people and pages need beside that: votes that begin to count, topics, dumps.
    """
    from broadsheet.jobs.worker import run_kinds, run_worker

    if only and no_index:
        raise click.UsageError("--only says already what is done; leave out --no-index.")

    end_with_parent()
    _bring_nobody_back()
    if only or no_index:
        run_kinds([only] if only else [kind for kind in kinds.NAMES if kind != kinds.INDEX])
    else:
        run_worker()


def _how_it_fills(*, has_worker: bool) -> str:
    from broadsheet.sources.live.registry import scheduled

    config = source_settings()
    families = {source.family: None for source in scheduled(config.families, categories=config.followed)}
    if has_worker and families:
        of = f" ({', '.join(config.followed)})" if "arxiv" in families else ""
        return (
            f"The first papers are being fetched from {' and '.join(families)}{of}; that takes some minutes."
            " Other categories: BROADSHEET_CATEGORIES=cs.CL,hep-th"
        )
    return "Fill it with: broadsheet demo   or: broadsheet import FILE…   or: broadsheet ingest"


def _refuse_a_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            other = "--port" if problem.errno in {errno.EADDRINUSE, errno.EACCES} else "--host"
            raise click.ClickException(
                f"cannot listen on {host} port {port}: {problem.strerror}; choose another with {other}"
            ) from problem


def _announce(host: str, port: int, link: str) -> None:
    """Print the address as soon as somebody listens there; before that a visitor would be turned away."""
    while not _is_listening(host, port):
        time.sleep(0.05)
    address = f"http://{_in_address(host)}:{port}"
    click.echo(f"Broadsheet is at {address}/   (Ctrl-C stops it)")
    if link:
        click.echo(f"Come in as its owner by this link, which works once: {address}/enter/{link}")


def _is_listening(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    """The host as this machine can reach it."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is shown, not bound


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
