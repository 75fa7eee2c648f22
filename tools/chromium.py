"""The Chromium that the browser tests drive: found, or installed by `python tools/chromium.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

NAMES = ("chromium", "google-chrome", "google-chrome-stable")
ON_A_MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def find() -> str | None:
    """The system's own browser, or None: then Playwright's, if that has been installed."""
    on_path = (shutil.which(name) for name in NAMES)
    # Ubuntu's browser is a snap, which may not read the folders that Playwright gives it.
    usable = (path for path in on_path if path and not path.startswith("/snap/"))
    return next(usable, None) or next((str(path) for path in ON_A_MAC if path.exists()), None)


def problem_of_driver() -> str:
    """Why Playwright's driver, which is a Node.js of its own, does not start here; nothing if it does."""
    command = [sys.executable, "-m", "playwright", "--version"]
    tried = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return (tried.stderr.strip() or f"it ends with status {tried.returncode}") if tried.returncode else ""


def main() -> None:
    """Make sure that there is a browser and its driver; if not, say that their tests will be skipped."""
    if problem_of_driver():
        debian.install("libatomic1")  # which the driver needs, and a small system may lack
    if problem := problem_of_driver():
        print(f"Playwright does not start, so the browser tests will be skipped: {problem}")
    elif not (find() or (_is_debian() and debian.install("chromium")) or _install_from_playwright()):
        print("No Chromium on this machine and none could be installed: the browser tests will be skipped.")


def _install_from_playwright() -> bool:
    libraries = ["--with-deps"] if sys.platform == "linux" and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
