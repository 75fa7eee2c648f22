"""Static files: small, read once, under addresses that carry a mark of their content."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# What is named with the mark of its content never changes under that address.
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "public, max-age=0, must-revalidate"

# One sheet for every page, of these parts: a later one may say otherwise than an earlier one.
SHEET = "broadsheet.css"
COMPONENTS = (
    "button",
    "field",
    "form",
    "submissions",
    "chip",
    "list",
    "row",
    "disclosure",
    "notice",
    "table",
    "menu",
    "account",
    "keys",
)
SECTIONS = (
    "masthead",
    "dateline",
    "subscribing",
    "lead",
    "beside",
    "headings",
    "search",
    "paper",
    "discussion",
    "library",
    "prose",
    "status",
)
PARTS = ("faces", "tokens", "base", *COMPONENTS, *SECTIONS, "widths", "print")


FACE = re.compile(rb'url\("(faces/[a-z]+\.woff2)"\)')
# Not every table of types knows it.
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is sent, and the mark of its content."""

    content: bytes
    content_type: str
    mark: str


@require_safe
def static(request: HttpRequest, name: str) -> HttpResponse:
    """A static file, to be kept for a year by whoever names the mark it has now."""
    try:
        asset = read(name)
    except FileNotFoundError:
        raise Http404("There is no such file.") from None
    control = FOR_A_YEAR if request.GET.get("v") == asset.mark else ASKED_EACH_TIME
    headers = {"Cache-Control": control, "ETag": f'"{asset.mark}"'}
    return HttpResponse(asset.content, content_type=asset.content_type, headers=headers)


def address(name: str) -> str:
    """The address of a static file with the mark of its content. Raises FileNotFoundError."""
    return f"{settings.STATIC_URL}{name}?v={read(name).mark}"


@functools.lru_cache(maxsize=256)
def read(name: str) -> Asset:
    """The static file of that name. Raises FileNotFoundError."""
    content = _sheet() if name == SHEET else _found(name)
    content = _terse(content) if name.endswith(".js") else content
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    content_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return Asset(content, content_type, hashlib.blake2b(content, digest_size=6).hexdigest())


def _terse(script: bytes) -> bytes:
    """The script without what only those need who write it: its indentation, and lines that are comments."""
    lines = (line.strip() for line in script.splitlines())
    return b"\n".join(line for line in lines if line and not line.startswith(b"//"))


def _sheet() -> bytes:
    """All parts of the sheet, with the faces of type at addresses that carry their marks."""
    joined = b"\n".join(_found(f"css/{part}.css") for part in PARTS)
    return FACE.sub(lambda face: b'url("%s")' % address(face[1].decode()).encode(), joined)


def _found(name: str) -> bytes:
    found = Path(finders.find(name) or "")
    if not found.is_file():
        raise FileNotFoundError(f"no static file {name}")
    return found.read_bytes()
