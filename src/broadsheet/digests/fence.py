"""Where services and webhooks may be: at public addresses, and nowhere else.

Whoever names a target must not be able to make the site talk to itself or to the machines behind its
firewall. The name in a target is resolved once for each request, all of what it resolves to is looked at,
and the connection goes to the very address that was. A redirect is an answer like others: it is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2

from broadsheet.sources.live.fetching import addresses
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.exchange import Question, Reply, send

LONGEST = 2_000
# Seconds for a whole answer, and how much of it is read.
PATIENCE, MOST_BYTES = 10.0, 2**18


class FencedError(ValueError):
    """A target is not one; the message says why. It does not say what a name resolves to here."""


@dataclass(frozen=True, slots=True)
class Fence:
    """How names are resolved, and which of the addresses are outside: tests have loopback outside."""

    resolve: Callable[[str], list[str]] = addresses.resolve
    is_outside: Callable[[str], bool] = addresses.is_public

    def checked(self, url: str) -> tuple[httpx2.URL, list[str]]:
        """The address of a target, and where to connect to for it. Raises FencedError."""
        parsed = _parsed(url)
        try:
            return parsed, addresses.addresses_of(
                parsed, is_own=False, resolve=self.resolve, is_outside=self.is_outside
            )
        except (RefusalError, ValueError) as problem:
            raise FencedError(
                f"{_shown(parsed)} cannot be reached in the internet; give a name that leads to a public"
                " address."
            ) from problem

    def send(
        self, client: httpx2.Client, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """What the target answers, whatever that is. Raises FencedError, and RefusalError for no answer."""
        parsed, found = self.checked(url)
        return send(client, Question(method, parsed, headers, body, PATIENCE, MOST_BYTES), found)


def _parsed(url: str) -> httpx2.URL:
    if len(url) > LONGEST:
        raise FencedError(f"An address has {LONGEST:,} characters at most.")
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as problem:
        raise FencedError("This is not an address, such as https://example.org/hook.") from problem
    if parsed.scheme not in addresses.PORTS or not parsed.host:
        raise FencedError("Give an address that begins with https:// or http://.")
    if parsed.userinfo:
        raise FencedError("Give an address without a name and a password before its host.")
    return parsed


def _shown(url: httpx2.URL) -> str:
    """The host alone: the rest of an address may be a secret."""
    return url.host[:100]


FENCE = Fence()
