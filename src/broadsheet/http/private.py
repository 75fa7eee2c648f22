"""Whose answer it is: what depends on who asks is for them alone, and is kept by nobody."""

from __future__ import annotations

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# Programs say who they are by a token alone: no page of another site can make a browser send it for a reader.
TOKENS_ONLY = ("/api/", "/mcp")
# What an answer depends on, be it for a person or for everybody.
VARIES_BY = ("Cookie", "Authorization")
PRIVATE = "private, no-store"
SAYS_WHO = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")


def is_personal(request: HttpRequest) -> bool:
    """Whether the request says who asks: by a cookie or by a token."""
    return any(request.META.get(name) for name in SAYS_WHO)


def takes_tokens_only(request: HttpRequest) -> bool:
    """Whether the address belongs to programs, which never say by a cookie who they are."""
    return request.path_info.startswith(TOKENS_ONLY)


def forget_cookies(request: HttpRequest) -> None:
    """Answer the request as if it had brought no cookies."""
    request.META.pop("HTTP_COOKIE", None)
    request.COOKIES = {}


def as_nobody(request: HttpRequest) -> HttpRequest:
    """The same question, asked by nobody in particular: without cookies, without a token, and without what
    was found out about the person who asks.
    """
    said = {name: value for name, value in request.META.items() if name not in SAYS_WHO}
    # Django has read the address already, which a server gives as bytes in the form of text (PEP 3333).
    for name in ("PATH_INFO", "SCRIPT_NAME"):
        said[name] = said.get(name, "").encode().decode("latin-1")
    asked = WSGIRequest(said)
    asked.resolver_match = request.resolver_match
    # A wrapper may have a HEAD answered as a GET.
    asked.method = request.method
    return asked


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
