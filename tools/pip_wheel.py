"""Pip itself, for a Python that came without it, as Debian's does: fetched from the index that pip would ask.

The lock file says which pip, and which hash its file has, so it does not matter who hands the file over.
Standard library alone, and nothing newer than Python 3.7, like `environment.py`.
"""

from __future__ import annotations

import configparser
import hashlib
import html
import os
import re
import ssl
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urljoin, urlsplit

# What pip asks where nobody told it of another index.
INDEX = "https://pypi.org/simple"
PATIENCE = 60.0


class PipError(Exception):
    """Pip could not be fetched; the message says from where, and why."""


def fetch(lock: Path, folder: Path) -> Path:
    """Fetch the wheel of the pip that the lock file names into `folder`. Raises PipError."""
    version, hashes = _locked(lock.read_text(encoding="utf-8"))
    name = f"pip-{version}-py3-none-any.whl"
    told = settings()
    problems = []
    for index in indexes(told):
        try:
            wheel = _wheel(index, name, told)
        except (OSError, ValueError) as problem:
            problems.append(f"{_without_password(index)}: {problem}")
            continue
        if hashlib.sha256(wheel).hexdigest() in hashes:
            path = folder / name
            path.write_bytes(wheel)
            return path
        problems.append(f"{_without_password(index)}: its {name} is not the file that {lock.name} pins")
    raise PipError("; ".join(problems) or "pip is told to ask no index")


def indexes(told: dict[str, str]) -> list[str]:
    """The addresses of the indexes that pip would ask."""
    if told.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        return []
    return [told.get("index-url", INDEX), *told.get("extra-index-url", "").split()]


def settings() -> dict[str, str]:
    """What pip is told on this machine: in its files, then in the environment, the last word counts."""
    told: dict[str, str] = {}
    said = configparser.RawConfigParser()
    said.read(_files())
    for section in ("global", "install"):
        if said.has_section(section):
            told.update((_key(name), value) for name, value in said.items(section))
    variables = [(name, value) for name, value in os.environ.items() if name.startswith("PIP_") and value]
    told.update((_key(name[len("PIP_") :]), value) for name, value in variables)
    return told


def _key(name: str) -> str:
    return name.lower().replace("_", "-")


def _files() -> list[Path]:
    """The files that pip reads on Linux, where alone a Python comes without it, the last word last."""
    own = os.environ.get("PIP_CONFIG_FILE")
    if own == os.devnull:
        return []
    everywhere = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    files = [Path(folder, "pip", "pip.conf") for folder in reversed(everywhere.split(":"))]
    files.append(Path("/etc/pip.conf"))
    if own:
        return [*files, Path(own)]
    home = Path.home()
    user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [*files, home / ".pip" / "pip.conf", user / "pip" / "pip.conf"]


def _locked(lock: str) -> tuple[str, list[str]]:
    """The version of pip in the text of a lock file, and the hashes that its files may have."""
    entry = re.search(r"^pip==(\S+)((?:\s+\\?\s*--hash=sha256:[0-9a-f]+)+)", lock, re.MULTILINE)
    if entry is None:
        raise PipError("the lock file names no pip")
    return entry[1], re.findall(r"sha256:([0-9a-f]+)", entry[2])


def _wheel(index: str, name: str, told: dict[str, str]) -> bytes:
    page_url = f"{index.rstrip('/')}/pip/"
    page = _get(page_url, told).decode("utf-8", "replace")
    for href in re.findall(r"""href\s*=\s*["']([^"']+)["']""", page, re.IGNORECASE):
        url = urljoin(page_url, html.unescape(href))
        if unquote(urlsplit(url).path).endswith(f"/{name}"):
            return _get(url, told)
    raise ValueError(f"it has no {name}")


def _get(url: str, told: dict[str, str]) -> bytes:
    """What lies at an address, asked as pip would: with its certificates, proxy, name and password."""
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=told.get("cert")))
    ]
    if "proxy" in told:
        handlers.append(urllib.request.ProxyHandler({"http": told["proxy"], "https": told["proxy"]}))
    plain = _without_password(url)
    parts = urlsplit(url)
    if parts.username is not None:
        known = urllib.request.HTTPPasswordMgrWithPriorAuth()
        known.add_password(None, plain, unquote(parts.username), unquote(parts.password or ""), True)
        handlers.append(urllib.request.HTTPBasicAuthHandler(known))
    request = urllib.request.Request(plain, headers={"Accept": "text/html, */*;q=0.1"})  # noqa: S310 - pip's own setting
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
    except HTTPError as problem:
        problem.close()
        raise
    return content


def _without_password(url: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", url)
