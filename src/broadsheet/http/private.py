"""Whose answer it is: what depends on who asks is for them alone, and is kept by nobody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# Programs say who they are by a token alone: no page of another site can make a browser send it for a reader.
TOKENS_ONLY = ("/api/", "/mcp")
# What an answer depends on, be it for a person or for everybody.
VARIES_BY = ("Cookie", "Authorization")
PRIVATE = "private, no-store"


def is_personal(request: HttpRequest) -> bool:
    """Whether the request says who asks: by a cookie or by a token."""
    return bool(request.META.get("HTTP_COOKIE") or request.META.get("HTTP_AUTHORIZATION"))


def takes_tokens_only(request: HttpRequest) -> bool:
    """Whether the address belongs to programs, which never say by a cookie who they are."""
    return request.path_info.startswith(TOKENS_ONLY)


def forget_cookies(request: HttpRequest) -> None:
    """Answer the request as if it had brought no cookies."""
    request.META.pop("HTTP_COOKIE", None)
    request.COOKIES = {}


def protect(request: HttpRequest, response: HttpResponse) -> None:
    """Say in the headers who may keep the answer: nobody, where the request said who asks.

    That holds whatever a view said. An answer for everybody that says nothing may be kept, and is asked for
    again before it is used. Static files are the same for everybody, whoever asks.
    """
    if request.path_info.startswith(settings.STATIC_URL) and "Cache-Control" in response:
        return
    if is_personal(request):
        response["Cache-Control"] = PRIVATE
    elif "Cache-Control" not in response:
        response["Cache-Control"] = "no-cache" if request.method in {"GET", "HEAD"} else "no-store"
    patch_vary_headers(response, VARIES_BY)
