"""Try the two commands of the README on bare Debian systems: `python3 tools/bare.py`, as root.

A case is a release and a person: root, a user with sudo, or a user without. A system with python3, make and
ca-certificates alone is unpacked, the last commit of this checkout put into it, and there that person types
`make run`, until the front page is served, and `make test`. The systems and what was said stay in a cache.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "broadsheet-bare"
PACKAGES = ("python3", "make", "ca-certificates")
CASES = [f"{release}-{who}" for release in ("bookworm", "trixie") for who in ("root", "sudo", "user")]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Processes and mounts of its own, which end with the command; the devices and the network are this machine's.
UNSHARED = ("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child")
ENTER = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && chroot "$0" "$@"; exit $?'
# What `make run` may take to install and to serve, and to end.
PATIENCE = 900.0
FAREWELL = 30.0


@dataclass(frozen=True)
class System:
    """A bare system on the disk, the person who works in it, and the variables that this person has."""

    root: Path
    user: str
    variables: dict[str, str]

    def command(self, *words: str) -> list[str | Path]:
        """The command line that runs words inside, in the checkout."""
        home = _home(self.user)
        variables = {"HOME": home, "USER": self.user, "LOGNAME": self.user, "PATH": PATH} | self.variables
        person = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]
        login = ["env", "--ignore-environment", f"--chdir={home}/broadsheet"]
        shown = [f"{name}={value}" for name, value in variables.items()]
        return [*UNSHARED, "sh", "-c", ENTER, self.root, *person, *login, *shown, *words]


def main() -> None:
    """Try the cases that are named, else all; the exit code is 0 if everything passed."""
    asked = _asked()
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        sys.exit("This needs root and mmdebstrap (Debian and Ubuntu: apt install mmdebstrap).")
    CACHE.mkdir(parents=True, exist_ok=True)
    has_failed = False
    for case in asked.cases or CASES:
        with _system(case, asked) as system, (CACHE / f"{case}.log").open("w+", encoding="utf-8") as log:
            outcomes = {"make run": _run(system, log), asked.test: _test(system, asked.test, log)}
            log.seek(0)
            print(
                case,
                *(f"  {command}: {outcome or 'passed'}" for command, outcome in outcomes.items()),
                sep="\n",
            )
            print(*_summary(log.read()), f"  all that was said: {log.name}", sep="\n", flush=True)
        has_failed = has_failed or any(outcomes.values())
    sys.exit(has_failed)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}")
    add("--copy", action="append", default=[], metavar="PATH", help="copy a file or folder into the systems")
    add("--env", action="append", default=[], metavar="NAME", help="keep a variable of yours inside")
    add("--test", default="make test", metavar="COMMAND", help="type this in place of `make test`")
    asked = parser.parse_args()
    if unknown := set(asked.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(unknown)}")
    return asked


@contextmanager
def _system(case: str, asked: argparse.Namespace) -> Iterator[System]:
    """A fresh system for the case, with the checkout in its home; it is gone afterwards."""
    release, _, who = case.partition("-")
    user = "root" if who == "root" else "reader"
    with tempfile.TemporaryDirectory(prefix=f"{case}-", dir=CACHE) as folder:
        root = Path(folder)
        root.chmod(0o755)
        # Devices are bound when a command enters.
        _do("tar", "--extract", "--file", _image(release, who), "--directory", root, "--exclude=./dev/*")
        for path in ("/etc/resolv.conf", *asked.copy):
            _do("cp", "--archive", "--dereference", "--parents", path, root)
        if user != "root":
            _do("chroot", root, "useradd", "--create-home", "--shell=/bin/bash", user)
        if who == "sudo":
            (root / "etc/sudoers.d/reader").write_text("reader ALL=(ALL) NOPASSWD: ALL\n", encoding="utf-8")
        _check_out(root, user)
        yield System(root, user, {name: os.environ[name] for name in asked.env})


def _image(release: str, who: str) -> Path:
    """The bare system of a release as an archive, made where it is not there yet."""
    packages = [*PACKAGES, "sudo"] if who == "sudo" else PACKAGES
    image = CACHE / f"{release}-{'-'.join(packages)}.tar"
    if not image.exists():
        part = image.with_suffix(".part.tar")
        print(f"Making {image}", flush=True)
        _do("mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(packages)}", release, part)
        part.rename(image)
    return image


def _check_out(root: Path, user: str) -> None:
    checkout = root / _home(user).removeprefix("/") / "broadsheet"
    checkout.mkdir()
    packed = checkout / "packed.tar"
    _do("git", "-C", ROOT, "archive", "--format=tar", "--output", packed, "HEAD")
    _do("tar", "--extract", "--file", packed, "--directory", checkout)
    packed.unlink()
    _do("chroot", root, "chown", "--recursive", f"{user}:{user}", f"{_home(user)}/broadsheet")


def _home(user: str) -> str:
    return "/root" if user == "root" else f"/home/{user}"


def _run(system: System, log: IO[str]) -> str:
    """Type `make run`, read the front page, press Ctrl-C; what went wrong, or nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = system.command("make", "run", f"PORT={port}")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        return _wait_for_front_page(f"http://127.0.0.1:{port}/", process) or _interrupt(process)
    finally:
        process.kill()
        process.wait()


def _wait_for_front_page(address: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=FAREWELL) as page:  # noqa: S310 - its own
                return "" if b"Broadsheet" in page.read() else "FAILED: what it serves is not Broadsheet"
        except OSError:
            if time.monotonic() > deadline:
                return f"FAILED: served no page in {PATIENCE:.0f} seconds"
            time.sleep(0.5)
    return f"FAILED: ended with {process.returncode} before it served a page"


def _interrupt(process: subprocess.Popen[bytes]) -> str:
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=FAREWELL)
    except subprocess.TimeoutExpired:
        return f"FAILED: runs on {FAREWELL:.0f} seconds after Ctrl-C"
    return ""


def _test(system: System, command: str, log: IO[str]) -> str:
    status = subprocess.run(
        system.command("sh", "-c", command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
    ).returncode
    return f"FAILED: ended with {status}" if status else ""


def _summary(said: str) -> list[str]:
    """What the test runner counted, and what was not run and why."""
    telling = re.compile(
        r"=+ (?=.*\d+ (?:passed|failed|skipped|error)).*|SKIPPED .*|FAILED .*|ERROR .*|.* skipped[:.] ?.*"
    )
    return [f"    {line}" for line in said.splitlines() if telling.fullmatch(line)]


def _do(*words: str | Path) -> None:
    """Run a command that has to succeed; what it said stands above."""
    if status := subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode:
        sys.exit(f"{' '.join(map(str, words))} failed with status {status}.")


if __name__ == "__main__":
    main()
