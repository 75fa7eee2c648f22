"""How often a client may ask: so many requests in a window of time, told in the headers of each answer.

What programs read is counted: the APIs, feeds and exports. Pages are not: whoever opens twenty at once is a
reader, and nearly all are kept ready-made. Each process that serves counts for itself; `serve` has one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from broadsheet.site import errors
from broadsheet.web import feed_formats, formats

SECONDS = 300
FILES = "|".join(map(re.escape, (*feed_formats.FORMS, *formats.FORMS, "md", "opml")))
COUNTED = re.compile(rf"/(?:api|mcp)(?:/|$)|/.*\.(?:{FILES})$", re.DOTALL)
# Whoever has one address of IPv6 has all that begin alike.
NETWORK_BITS = 64
Address: TypeAlias = IPv4Address | IPv6Address


class RateLimit:
    """Count what each client asks for, tell it what is left, and refuse what is more than its quota.

    The headers are those of Hugging Face, which its client reads (draft-ietf-httpapi-ratelimit-headers).
    Programs on this machine are told like all others and never refused: they are the operator's own, or a
    proxy that nobody told us of, behind which one client cannot be told from the next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it until the next window begins."""
        quota = settings.BROADSHEET.api_quota
        if not quota or not COUNTED.match(request.path_info):
            return self.get_response(request)
        address = client(
            request.META.get("REMOTE_ADDR", ""),
            request.headers.get("X-Forwarded-For", ""),
            proxies=settings.BROADSHEET.proxies,
        )
        window, passed = divmod(int(time.time()), SECONDS)
        asked, left_seconds = _count(f"{window}:{counted_as(address)}"), SECONDS - passed
        if asked > quota and address and not address.is_loopback:
            response = _refused(request, quota, left_seconds)
        else:
            response = self.get_response(request)
        response["RateLimit"] = f'"api";r={max(quota - asked, 0)};t={left_seconds}'
        response["RateLimit-Policy"] = f'"fixed window";"api";q={quota};w={SECONDS}'
        return response


def client(remote: str, forwarded: str, *, proxies: int) -> Address | None:
    """Who asks: `remote` or, behind proxies of ours, whom the first of them saw; None if nobody can tell.

    Each proxy adds whom it saw at the end of X-Forwarded-For; anybody may have written what stands before.
    """
    seen = [one.strip() for one in forwarded.split(",")]
    told = seen[-min(proxies, len(seen))] if proxies else ""
    return _parsed(told) or _parsed(remote)


def _parsed(text: str) -> Address | None:
    """The address without a port, as some proxies write one: 192.0.2.1:8000, [2001:db8::1]:8000."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def counted_as(address: Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), NETWORK_BITS), strict=False))
    return str(address)


def _count(key: str) -> int:
    counts = caches["limits"]
    if counts.add(key, 1, SECONDS):
        return 1
    try:
        return int(counts.incr(key))
    except ValueError:  # dropped since, to make room for others
        return 1


def _refused(request: HttpRequest, quota: int, left_seconds: int) -> HttpResponse:
    said = f"A client may ask {quota:,} times in {SECONDS} seconds; ask again in {left_seconds}."
    return errors.too_soon(request, said, retry_after=timedelta(seconds=left_seconds))
