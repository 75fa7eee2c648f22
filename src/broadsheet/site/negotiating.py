"""What every answer owes to HTTP, whichever view made it (RFC 9110): conditions, content coding, length.

Views make whole answers, and name their `ETag` where they know a better one than a digest of the content.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe
from django.utils.text import compress_sequence, compress_string

from broadsheet.http.encoding import Coding, coding
from broadsheet.site import errors

READ = frozenset({"GET", "HEAD"})
# What is shorter hardly gets shorter.
WORTH_COMPRESSING = 200
# A page may hold a secret beside what somebody else chose: its length must not tell how alike these are.
RANDOM_BYTES = 100
# Seconds in which an index may have been built, and a disk have room again.
AGAIN_AFTER = 60
WITHOUT_CONTENT = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
NO_CODING = "What is here is sent as it is or in gzip, and the request takes neither (Accept-Encoding)."
CHANGED = "The answer is another one by now."
# Headers that begin so describe the content, but for this one.
OF_CONTENT, OF_THE_PAGE = "content-", "content-security-policy"


class AsAsked:
    """Give each answer the form that the request asks for: all of it, none of it, compressed or plain.

    It sees answers last. What is not sent again has the headers that all of it would have had, but for those
    that describe content (section 15.4.5); HEAD gets those of GET. What cannot be had just now says when to
    ask again, whichever view says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Encoding"])
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers.setdefault("Retry-After", str(AGAIN_AFTER))
        if response.status_code in WITHOUT_CONTENT:
            return response
        wanted = coding(request.headers.get("Accept-Encoding"), is_worth_it=_is_worth_it(response))
        if request.method in READ and response.status_code == HTTPStatus.OK:
            if wanted is None:
                return _instead(response, errors.not_acceptable(request, NO_CODING))
            _tag(response, wanted)
            met = _conditions(request, response)
            if met == HTTPStatus.NOT_MODIFIED:
                return _instead(response, HttpResponse(status=met))
            if met == HTTPStatus.PRECONDITION_FAILED:
                return _instead(response, errors.precondition_failed(request, CHANGED))
        _encode(response, wanted or "identity")
        return response


def _is_worth_it(response: HttpResponseBase) -> bool:
    if isinstance(response, HttpResponse):
        return len(response.content) >= WORTH_COMPRESSING or "Content-Encoding" in response
    # A file: those of dumps are compressed, but for what people read.
    return response.get("Content-Type", "").startswith("text/")


def _tag(response: HttpResponseBase, wanted: Coding) -> None:
    """Give it an `ETag`: a weak one where the bytes depend on the coding (section 8.8.1)."""
    if isinstance(response, HttpResponse) and "ETag" not in response:
        response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    tag = response.get("ETag", "")
    if tag and wanted == "gzip" and not tag.startswith("W/"):
        response["ETag"] = f"W/{tag}"


def _conditions(request: HttpRequest, response: HttpResponseBase) -> int:
    """200 where all of it is to be sent, else 304 or 412 (section 13.2.2)."""
    changed = parse_http_date_safe(response.get("Last-Modified", ""))
    if changed is None:
        # Of what tells no date of change nobody can say that it was changed since (section 13.1.4).
        request.META.pop("HTTP_IF_UNMODIFIED_SINCE", None)
    answer = get_conditional_response(request, response.get("ETag"), changed)
    return answer.status_code if answer else HTTPStatus.OK


def _instead(response: HttpResponseBase, other: HttpResponse) -> HttpResponse:
    """The `other` answer, with what the response says beside its content."""
    is_same = other.status_code == HTTPStatus.NOT_MODIFIED
    for name, value in response.items():
        describes = name.lower().startswith(OF_CONTENT) and name.lower() != OF_THE_PAGE
        if not describes and (is_same or name not in {"ETag", "Last-Modified"}):
            other[name] = value
    if is_same:
        del other["Content-Type"]
    else:
        other["Cache-Control"] = "no-store"
        other["Content-Length"] = str(len(other.content))
    other.cookies = response.cookies
    if response.streaming:
        # A file is given back; else nothing is open, and closing would end the request too early.
        response.close()
    return other


def _encode(response: HttpResponseBase, wanted: Coding) -> None:
    """Have it sent in that coding; a kept page is compressed already."""
    is_compressed = response.get("Content-Encoding") == "gzip"
    if isinstance(response, HttpResponse):
        if wanted == "identity" and is_compressed:
            response.content = gzip.decompress(response.content)
        elif wanted == "gzip" and not is_compressed and response.content:
            response.content = compress_string(response.content, max_random_bytes=RANDOM_BYTES)
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
    elif isinstance(response, StreamingHttpResponse) and wanted == "gzip":
        response.streaming_content = compress_sequence(iter(response))
        response["Content-Encoding"] = "gzip"
        del response["Content-Length"]
    if wanted == "identity":
        del response["Content-Encoding"]
