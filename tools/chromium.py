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


def main() -> None:
    """Make sure that there is a browser; without one the browser tests say that they are skipped."""
    if find() or (_is_debian() and debian.install("chromium")):
        return
    debian.install("libatomic1")  # which Playwright's own Node.js needs, and a small system may lack
    libraries = ["--with-deps"] if sys.platform == "linux" and os.geteuid() == 0 else []
    playwright = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    if subprocess.run(playwright, stdin=subprocess.DEVNULL, check=False).returncode:
        print("No Chromium on this machine and none could be installed: the browser tests will be skipped.")


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
