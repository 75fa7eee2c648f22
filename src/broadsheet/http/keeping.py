"""Answers that are made once and kept: they depend on what they show, the day and the address alone.

Nothing of a person is ever kept. Who brings a cookie or a token is answered anew, or with the page of
everybody, made without the cookie and the token, whose holes are filled for them, unless the page differs for
them in more than that. A view that looks at the
person, sets a cookie or calls its answer private cannot be kept at all.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeAlias

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from isal import igzip
from zstandard import ZstdCompressor, ZstdDecompressor

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.http.holes import Fill, Key, filled
from broadsheet.http.private import PRIVATE, as_nobody, is_personal
from broadsheet.http.shelf import Kept, shelf
from broadsheet.http.viewers import viewer_of

Arguments = ParamSpec("Arguments")
View: TypeAlias = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]
# Compressed. A few long exports must not drive out all pages.
LARGEST = 512 * 1024
# The best of ISA-L's four; zlib takes four times as long for five per cent.
LEVEL = 3
# Lists change with every paper that comes: they may be so many seconds behind the catalogue.
LISTS = 10
# What is made anew when its mark changes need not be made for any other reason.
UNCHANGED = 3600
# What fills the holes of a page may be so many seconds old.
FILLED = 10
# Beside a page with holes, it is kept with its holes filled.
WHOLE = ":whole"
PUBLIC = "public, max-age=0, must-revalidate"


class PersonalAnswerError(RuntimeError):
    """A view whose answer depends on who asks was about to be kept for everybody."""


@dataclass(frozen=True, slots=True)
class Again:
    """A kept answer that went out, and what is kept at its address now: nothing, it, or another one."""

    kept: Kept
    find: Callable[[], Kept | None]
    view: str

    def holds(self) -> bool:
        """True while the answer would be the same again."""
        return self.find() is self.kept


class _NotKeptError(Exception):
    """The view gave another answer than a page that was found."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


class _Nobody:
    """Stands for the person while a kept answer is made, so that no answer can depend on who asks first."""

    def __getattr__(self, name: str) -> object:
        raise PersonalAnswerError(f"a kept answer must not depend on the person (it read {name!r})")


def kept(
    *,
    seconds: float,
    reads: Collection[str] = (),
    shows: Callable[..., object] | None = None,
    fill: Fill | None = None,
    differs: Callable[[Viewer], bool] | None = None,
    is_own: Callable[[HttpRequest], bool] | None = None,
    beside: Callable[[HttpRequest], Mapping[Key, str]] | None = None,
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Answer each address once for what it shows and a day, and anew after `seconds`.

    `reads` are the parameters of the query that the view reads: all others are taken out of the request, so
    that they neither make another page nor are seen by the view. `shows`, called with what the address names,
    gives a mark of what the answer shows; the answer is made anew when the mark changes. `fill` says what
    belongs into the holes of the answer, `differs` for which readers it is another answer besides, and
    `is_own` for which requests it is another one for each reader. What this one request fills more holes
    with, by all of its parameters, is said by `beside`; then nobody keeps the answer. Only what was found is
    kept, with its headers, and nothing above LARGEST.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        # Two views may share an address: a page and the same paper as Markdown.
        name = f"{view.__module__}.{view.__qualname__}"

        @functools.wraps(view)
        def answer(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            besides = beside(request) if beside else {}
            _leave_only(request, reads)
            if is_personal(request) and not fill:
                return view(request, *args, **kwargs)
            fills = _with(fill, besides) if fill and besides else fill
            is_for_one = (is_own and is_own(request)) or (differs and differs(viewer_of(request)))
            if fills and is_for_one:
                return _made_for_one(view, request, fills, *args, **kwargs)
            asked = _asked(request, name)

            def key() -> str:
                return _key(asked, shows(*args, **kwargs) if shows else None)

            def make() -> Kept:
                made = _checked(view(_of_nobody(request, with_holes=fill is not None), *args, **kwargs))
                return _with_holes(made) if fill else _compressed(made.content, dict(made.items()))

            now = key()
            try:
                known = shelf.get(now, make, seconds=seconds, largest=LARGEST)
            except _NotKeptError as other:
                return other.response
            if not (fill and fills):
                return _response(known, Again(known, lambda: shelf.find(key()), _view_name(request)))
            if is_personal(request) or besides:
                return _response(_of_reader(known, fills, viewer_of(request)))
            whole = shelf.get(
                now + WHOLE, lambda: _filled(known, fill, NOBODY), seconds=FILLED, largest=LARGEST
            )
            return _response(whole, Again(whole, lambda: shelf.find(key() + WHOLE), _view_name(request)))

        return answer

    return decorate


def _with(fill: Fill, besides: Mapping[Key, str]) -> Fill:
    return lambda keys, viewer: {**fill(keys, viewer), **besides}


def _made_for_one(
    view: View[Arguments], request: HttpRequest, fill: Fill, *args: Arguments.args, **kwargs: Arguments.kwargs
) -> HttpResponse:
    """The page as the view makes it for its reader, which nobody keeps."""
    request.has_holes = True  # type: ignore[attr-defined]
    response = view(request, *args, **kwargs)
    response.content = filled(response.content, fill, viewer_of(request))
    return response


def _leave_only(request: HttpRequest, reads: Collection[str]) -> None:
    """Take all parameters out of the query but those that the view reads."""
    asked = {name: values for name, values in request.GET.lists() if name in reads}
    query = QueryDict(mutable=True)
    for name, values in asked.items():
        query.setlist(name, values)
    query._mutable = False  # noqa: SLF001, as Django's own request has it
    request.GET = query  # type: ignore[assignment]
    request.META["QUERY_STRING"] = query.urlencode()


def _asked(request: HttpRequest, name: str) -> str:
    # With its host, which whole addresses in the answer have; the order of parameters says nothing.
    return f"{name} {request.build_absolute_uri(request.path)} {sorted(request.GET.lists())}"


def _view_name(request: HttpRequest) -> str:
    return (request.resolver_match.view_name if request.resolver_match else None) or "none"


def _key(asked: str, mark: object) -> str:
    today = timezone.now().date()
    content = f"{asked} {mark!r}"
    return f"{today}:{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}"


def _of_nobody(request: HttpRequest, *, with_holes: bool) -> HttpRequest:
    asked = as_nobody(request)
    asked.has_holes = with_holes  # type: ignore[attr-defined]
    asked.user = _Nobody()  # type: ignore[assignment]
    return asked


def _checked(response: HttpResponse) -> HttpResponse:
    """The answer, if it may be kept. Raises PersonalAnswerError where it is one person's, _NotKeptError where
    nothing was found.
    """
    if response.status_code != HttpResponse.status_code:
        raise _NotKeptError(response)
    control = response.get("Cache-Control", "")
    if response.cookies or "private" in control or "no-store" in control or _varies_by_person(response):
        raise PersonalAnswerError(
            "an answer that is private, varies by cookie or sets a cookie is never kept"
        )
    return response


def _with_holes(response: HttpResponse) -> Kept:
    """The answer as it is kept until its holes are filled: nobody gets it so, and Zstandard takes a fifth of
    the time that gzip does.
    """
    return Kept(ZstdCompressor(level=1).compress(response.content), dict(response.items()))


def _filled(page: Kept, fill: Fill, viewer: Viewer) -> Kept:
    return _compressed(filled(_plain(page), fill, viewer), page.headers)


def _of_reader(page: Kept, fill: Fill, viewer: Viewer) -> Kept:
    """The page for one reader, which nobody keeps: so it needs no mark of its own."""
    content = _gzipped(filled(_plain(page), fill, viewer))
    return Kept(content, page.headers | {"Cache-Control": PRIVATE})


def _plain(page: Kept) -> bytes:
    return ZstdDecompressor().decompress(page.compressed)


def _compressed(content: bytes, headers: Mapping[str, str]) -> Kept:
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    marked = {**headers, "ETag": f'W/"{digest}"', "Cache-Control": PUBLIC}
    return Kept(_gzipped(content), marked)


def _gzipped(content: bytes) -> bytes:
    # No time in the archive: the same page is the same bytes.
    return igzip.compress(content, LEVEL, mtime=0)


def _varies_by_person(response: HttpResponse) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return not varies.isdisjoint({"cookie", "authorization", "*"})


def _response(known: Kept, again: Again | None = None) -> HttpResponse:
    """The answer, compressed; `site.negotiating` makes it plain for whoever does not take that."""
    response = HttpResponse(known.compressed, headers=known.headers | {"Content-Encoding": "gzip"})
    # For whoever may give the answer again as it is; see `site.finished`.
    response.again = again  # type: ignore[attr-defined]
    return response
