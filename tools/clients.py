"""Older versions of the client of Hugging Face that tests drive: installed by `python tools/clients.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = "huggingface_hub"
# Before and after the client went from one HTTP library to another; the newest one is a dependency of ours.
VERSIONS = ("0.36.2", "1.9.2")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "broadsheet-clients"


def folder(version: str) -> Path:
    """Where that version is, or would be."""
    return CACHE / f"{PACKAGE}-{version}-python{sys.version_info.major}.{sys.version_info.minor}"


def is_installed(version: str) -> bool:
    """Whether all of that version is there."""
    return (folder(version) / f"{PACKAGE}-{version}.dist-info" / "RECORD").exists()


def main() -> None:
    """Install what is missing; without a version its tests say that they are skipped."""
    for version in VERSIONS:
        if not is_installed(version) and not _install(version):
            print(f"{PACKAGE} {version} could not be installed: the tests with it will be skipped.")


def _install(version: str) -> bool:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # They lie beside the environment, not in it, and need not go with it.
    command = [*pip, "--no-warn-conflicts", "--target", str(folder(version)), f"{PACKAGE}=={version}"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    main()
