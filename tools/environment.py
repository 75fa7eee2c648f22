"""Make .venv with a lock file and Broadsheet in it: `python3 tools/environment.py requirements.lock`.

Runs on whatever `python3` a fresh machine has, so it uses the standard library alone and nothing newer than
Python 3.7; it may then choose a newer interpreter for the environment itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
# Where Homebrew and python.org put interpreters on a Mac, often missing on the PATH of `make`.
FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin")


def main() -> None:
    """Make the environment if it is missing or broken, then bring it to the lock file that is named."""
    lock = ROOT / sys.argv[1]
    inside = VENV / "bin" / "python"
    if not _has(inside, "import pip"):
        _make(_interpreter())
    pip: list[str | Path] = [inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    print(f"Installing {lock.name} into {VENV.name}; the first time takes a minute or two", flush=True)
    _run([*pip, "--require-hashes", "-r", lock])
    _run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT])


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
        " apt install python3.11 python3.11-venv; macOS: brew install python@3.13) and run make again."
    )


def _make(interpreter: str) -> None:
    if not _has(interpreter, "import ensurepip, venv"):
        _install_ensurepip(interpreter)
    print(f"Making {VENV.name} with {interpreter}", flush=True)
    _run([interpreter, "-m", "venv", "--clear", VENV])


def _install_ensurepip(interpreter: str) -> None:
    """Debian and Ubuntu keep the part of Python that makes environments in a package of its own."""
    version = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"
    package = subprocess.run(
        [interpreter, "-c", version], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    if not debian.install(package):
        sys.exit(f"Python lacks its venv part: type `sudo apt-get install {package}` and run make again.")


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
