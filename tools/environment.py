"""Make .venv with a lock file and Broadsheet in it: `python3 tools/environment.py requirements.lock`.

Runs on whatever `python3` a fresh machine has, so it uses the standard library alone and nothing newer than
Python 3.7; it may then choose a newer interpreter for the environment itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pip_wheel

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
PIP = ("--disable-pip-version-check", "install")
INSTALL = (*PIP, "--quiet")
# So many packages between two lines where nobody watches a terminal.
PACKAGES_A_LINE = 10
NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
# Where Homebrew and python.org put interpreters on a Mac, often missing on the PATH of `make`.
FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin")


def main() -> None:
    """Make the environment if it is missing or broken, then bring it to the lock file that is named."""
    lock = ROOT / sys.argv[1]
    inside = VENV / "bin" / "python"
    if not _has(inside, "import pip"):
        _make(_interpreter(), lock)
    print(f"Installing {lock.name} into {VENV.name}; the first time takes a minute or two", flush=True)
    _install([inside, "-m", "pip", *PIP, "--progress-bar", "off", "--require-hashes", "-r", lock], lock)
    _run([inside, "-m", "pip", *INSTALL, "--no-deps", "--no-build-isolation", "--editable", ROOT])


def _install(command: list[str | Path], lock: Path) -> None:
    """Run pip and say how far it is, by the packages that it names; all that it said, where it fails."""
    total = sum("==" in line for line in lock.read_text().splitlines() if line[:1].isalnum())
    done, said = 0, []
    with subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            first = line.split(" ", 1)[0]
            total -= first == "Ignoring"  # it is for another system or another Python
            if first in ("Collecting", "Processing", "Requirement"):
                done += 1
                _show(f"{done} of {total} packages", done)
            elif first == "Installing":
                _show(f"unpacking {total} packages", 0)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    if process.returncode:
        sys.stderr.write("".join(said))
        sys.exit(f"{' '.join(map(str, command))} failed with status {process.returncode}; see above.")


def _show(text: str, number: int) -> None:
    """On a terminal one line that changes, elsewhere one now and then."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end="", flush=True)
    elif number % PACKAGES_A_LINE == 0:
        print(f"  {text}", flush=True)


def _interpreter() -> str:
    """The first Python on this machine that is new enough."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *FOLDERS])
    candidates = [sys.executable, *(shutil.which(name, path=path) for name in NAMES)]
    for candidate in candidates:
        if candidate and _has(candidate, f"import sys; sys.exit(sys.version_info < {OLDEST})"):
            return candidate
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"Broadsheet needs Python 3.11 or newer and this machine has {found}: install one (Debian and Ubuntu:"
        " apt install python3.11; macOS: brew install python@3.13) and run make again."
    )


def _make(interpreter: str, lock: Path) -> None:
    """Make the environment with pip in it, also where that was left out, as Debian and Ubuntu do."""
    has_pip = _has(interpreter, "import ensurepip")
    print(f"Making {VENV.name} with {interpreter}", flush=True)
    _run([interpreter, "-m", "venv", "--clear", *([] if has_pip else ["--without-pip"]), VENV])
    if not has_pip:
        _add_pip(lock)


def _add_pip(lock: Path) -> None:
    """Fetch the pip that the lock file names, and let it install itself."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-pip-") as folder:
        try:
            wheel = pip_wheel.fetch(lock, Path(folder))
        except pip_wheel.PipError as problem:
            sys.exit(
                f"This Python has no pip and none could be fetched ({problem}): give pip an index that it can"
                " reach, or install python3-venv, and run make again."
            )
        _run([VENV / "bin" / "python", wheel / "pip", *INSTALL, "--no-index", "--no-deps", wheel])


def _has(interpreter: str | Path, code: str) -> bool:
    try:
        return subprocess.run([interpreter, "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: list[str | Path]) -> None:
    status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed with status {status}; what it said stands above.")


if __name__ == "__main__":
    main()
