"""Pages that are rendered once and kept: they depend on the catalogue, the day and the address alone."""

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
from django.utils.cache import patch_vary_headers

from broadsheet.papers import reading

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
ENOUGH = 6  # gzip's own default of 9 takes twice as long for one per cent


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it was sent: compressed, since nearly everybody asks for it so."""

    compressed: bytes
    etag: str


def kept(*, seconds: int) -> Callable[[View[Arguments]], View[Arguments]]:
    """Render each address once for a state of the catalogue and a day, and again after `seconds`."""

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            key = _key(request)
            rendered: Rendered | None = cache.get(key)
            if rendered is None:
                response = view(request, *args, **kwargs)
                if response.status_code != HttpResponse.status_code:
                    return response
                rendered = _rendered(response.content)
                cache.set(key, rendered, seconds)
            return _response(request, rendered)

        return answer

    return decorate


def _key(request: HttpRequest) -> str:
    today = timezone.now().date()
    address = hashlib.blake2b(request.get_full_path().encode(), digest_size=16).hexdigest()
    return f"{reading.revision()}:{today}:{address}"


def _rendered(content: bytes) -> Rendered:
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    # No time in the archive: the same page is the same bytes.
    return Rendered(gzip.compress(content, ENOUGH, mtime=0), f'W/"{digest}"')


def _response(request: HttpRequest, rendered: Rendered) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(rendered.compressed)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(rendered.compressed))
    response["ETag"] = rendered.etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
