"""Answers that are made once and kept: they depend on the catalogue, the day and the address alone."""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeAlias

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from broadsheet.papers import reading

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
# Compressed. The cache counts answers, whatever they weigh: a reader of all lists must not fill the memory.
LARGEST = 512 * 1024
ENOUGH = 6  # gzip's own default of 9 takes twice as long for one per cent


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent: compressed, since nearly everybody asks for it so."""

    compressed: bytes
    headers: dict[str, str]


def kept(*, seconds: int) -> Callable[[View[Arguments]], View[Arguments]]:
    """Answer each address once for a state of the catalogue and a day, and again after `seconds`.

    Only what was found is kept, with its headers, and nothing above LARGEST.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        # Two views may share an address: a page and the same paper as Markdown.
        name = f"{view.__module__}.{view.__qualname__}"

        @functools.wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            key = _key(request, name)
            known: Kept | None = cache.get(key)
            if known is None:
                response = view(request, *args, **kwargs)
                if response.status_code != HttpResponse.status_code:
                    return response
                known = _kept(response)
                if len(known.compressed) <= LARGEST:
                    cache.set(key, known, seconds)
            return _response(request, known)

        return answer

    return decorate


def _key(request: HttpRequest, name: str) -> str:
    today = timezone.now().date()
    # With its host, which whole addresses in the answer have.
    address = f"{name} {request.build_absolute_uri()}"
    return f"{reading.revision()}:{today}:{hashlib.blake2b(address.encode(), digest_size=16).hexdigest()}"


def _kept(response: HttpResponse) -> Kept:
    patch_vary_headers(response, ["Accept-Encoding"])
    digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    headers = dict(response.items()) | {
        "ETag": f'W/"{digest}"',
        "Cache-Control": "public, max-age=0, must-revalidate",
    }
    # No time in the archive: the same page is the same bytes.
    return Kept(gzip.compress(response.content, ENOUGH, mtime=0), headers)


def _response(request: HttpRequest, known: Kept) -> HttpResponse:
    changed = parse_http_date_safe(known.headers.get("Last-Modified", ""))
    full = HttpResponse(headers=known.headers)
    response = get_conditional_response(request, known.headers["ETag"], changed, full) or full
    if response is not full:
        return response
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        full.content = known.compressed
        full["Content-Encoding"] = "gzip"
    else:
        full.content = gzip.decompress(known.compressed)
    return full
