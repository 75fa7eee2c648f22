"""Where a request may go: to the hosts of our settings, and to public addresses; nowhere else.

Who gives us an address must not be able to make us ask the machines behind our firewall. So a name is
resolved once, what it resolves to is checked, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx2

from broadsheet.papers.sources import ADDRESSES
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.settings import SourceSettings

PORTS = {"http": 80, "https": 443}
# An IPv6 address with an IPv4 one in its last 32 bits, for networks without IPv4 (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")
# All of IPv6 that is given to hosts in the internet so far (IANA's table of the address space).
ASSIGNED = IPv6Network("2000::/3")

Origin = tuple[str, str, int]


def origin(url: httpx2.URL) -> Origin:
    """Scheme, host and port: what has to be the same for two addresses to lead to one server."""
    port = PORTS.get(url.scheme, 0) if url.port is None else url.port
    return url.scheme, url.raw_host.decode("ascii"), port


def own_origins(config: SourceSettings) -> frozenset[Origin]:
    """The servers that the operator named in the settings, private or not."""
    urls = (config.address(address.setting) for address in ADDRESSES)
    return frozenset(origin(httpx2.URL(url)) for url in urls if url)


def resolve(host: str) -> list[str]:
    """The addresses of a host, as the system knows them. Raises RefusalError if there are none.

    `localhost` is this machine also where the system has no file that says so (RFC 6761, section 6.3).
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        if f".{host}".lower().endswith(".localhost"):
            return ["127.0.0.1"]
        raise RefusalError(f"has no address ({problem})") from problem
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """True for what is routed in the internet, also where an IPv6 address only wraps an IPv4 one."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        translated = IPv4Address(int(found) & 0xFFFFFFFF) if found in TRANSLATED else None
        wrapped = found.ipv4_mapped or found.sixtofour or translated
        if not wrapped and found not in ASSIGNED:
            return False
        found = wrapped or found
    return found.is_global and not found.is_multicast


def addresses_of(
    url: httpx2.URL,
    *,
    is_own: bool,
    resolve: Callable[[str], list[str]] = resolve,
    is_outside: Callable[[str], bool] = is_public,
) -> list[str]:
    """The addresses to connect to for `url`. Raises RefusalError if one is not public, nor the host ours."""
    scheme, host, port = origin(url)
    if scheme not in PORTS or not host or port not in range(1, 2**16):
        raise RefusalError("is not the address of a web server")
    if url.userinfo and not is_own:
        raise RefusalError("is given with a name and a password that are not ours")
    found = resolve(host)
    for address in found:
        if not is_own and not is_outside(address):
            raise RefusalError(f"is not a public address ({address})")
    return found


def redirected(url: httpx2.URL, location: str, own: frozenset[Origin]) -> httpx2.URL:
    """Where a redirect from `url` leads. Raises RefusalError if nowhere, or to http from https."""
    try:
        target = url.join(location)
    except httpx2.InvalidURL as problem:
        raise RefusalError(f"redirects to what is not an address ({problem})") from problem
    if not location:
        raise RefusalError("redirects, but does not say where to")
    if url.scheme == "https" and target.scheme == "http" and origin(target) not in own:
        raise RefusalError("redirects from https to http")
    return target
