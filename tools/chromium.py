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
    return next(filter(None, on_path), None) or next((str(path) for path in ON_A_MAC if path.exists()), None)


def main() -> None:
    """Make sure that there is a browser; without one the browser tests say that they are skipped."""
    if find() or debian.install("chromium"):
        return
    libraries = ["--with-deps"] if sys.platform == "linux" and os.geteuid() == 0 else []
    playwright = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    if subprocess.run(playwright, stdin=subprocess.DEVNULL, check=False).returncode:
        print("No Chromium on this machine and none could be installed: the browser tests will be skipped.")


if __name__ == "__main__":
    main()
