"""apprise, behind the fence: its services ask the web through `Line`, and by no other way.

Loading it takes half a second of the CPU, so `services` imports this where something is sent or saved.
Attachments, templates and files are never named to it (`services` refuses the arguments that do).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import httpx2
from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode
from apprise.plugins.base import NotifyBase

from broadsheet.digests.fence import Fence, FencedError
from broadsheet.sources.live.fetching.backoff import RefusalError

# The library by which apprise asks; it has no types.
requests: Any = import_module("requests")
# It would log addresses that are secrets, and what was answered.
_log = logging.getLogger("apprise")
_log.propagate = False
_log.addHandler(logging.NullHandler())

PLUGINS = "apprise.plugins."
_FOUND = frozenset({"codes", "RequestException", "TooManyRedirects"})
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_current: ContextVar[Line] = ContextVar("line")


class AddressError(ValueError):
    """The address of a service is not one; the message says why."""


@dataclass(slots=True)
class Line:
    """Asks for apprise what the fence lets through, and notes what came of the last request: the status, or
    why there is none.
    """

    client: httpx2.Client
    fence: Fence
    status: int = 0
    is_fenced: bool = False
    is_doubtful: bool = False
    session: Any = field(init=False)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.adapters.clear()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, self)

    def ask(self, method: str, url: str, **said: Any) -> Any:
        """What requests would answer; redirects are not followed, whatever is said."""
        return self.session.request(method, url, **{**said, "allow_redirects": False, "verify": True})

    def send(self, request: Any, **_: Any) -> Any:
        """The request of a session, as its adapters send it."""
        self.status, self.is_fenced, self.is_doubtful = 0, False, False
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        try:
            reply = self.fence.send(self.client, request.method, request.url, request.headers, content)
        except FencedError:
            self.is_fenced = True
            raise requests.ConnectionError from None
        except RefusalError as problem:
            self.is_doubtful = not isinstance(problem.__cause__, _NEVER_SENT)
            raise requests.ConnectionError from None
        self.status = reply.status
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = reply.status, request.url, request
        answer.headers.update(reply.headers)
        answer._content = reply.body  # noqa: SLF001 (requests has no other way to make an answer)
        return answer

    def close(self) -> None:
        """Nothing is kept open."""


class _Through:
    """What the plugins have in the place of requests."""

    def __getattr__(self, name: str) -> Any:
        if name not in _FOUND:
            raise AttributeError(name)
        return getattr(requests, name)

    def request(self, method: str, url: str, **said: Any) -> Any:
        line = _current.get(None)
        if line is None:
            raise requests.ConnectionError
        return line.ask(method, url, **said)

    def get(self, url: str, **said: Any) -> Any:
        return self.request("GET", url, **said)

    def post(self, url: str, **said: Any) -> Any:
        return self.request("POST", url, **said)

    def put(self, url: str, **said: Any) -> Any:
        return self.request("PUT", url, **said)


_THROUGH = _Through()


def plugin_class(module: str, name: str) -> type[NotifyBase]:
    """A plugin of apprise that can ask through a line alone."""
    found: type[NotifyBase] = getattr(import_module(PLUGINS + module), name)
    for known, loaded in list(sys.modules.items()):
        if known.startswith(PLUGINS + module) and hasattr(loaded, "requests"):
            loaded.requests = _THROUGH  # type: ignore[attr-defined]
    return found


def made(of: type[NotifyBase], url: str, arguments: frozenset[str]) -> NotifyBase:
    """The plugin of an address, of apprise or as the service shows it, that says nothing but those arguments.
    Raises AddressError.
    """
    try:
        parsed: Mapping[str, Any] | None = of.parse_native_url(url) or of.parse_url(url)
        if parsed:
            _refuse_others(parsed, arguments)
            asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, http_redirects=False)
            plugin = of(**{**parsed, "asset": asset, "verify": True, "redirect": False})
            plugin.request_rate_per_sec = 0
            return plugin
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        if isinstance(problem, AddressError):
            raise
    raise AddressError("The service does not take this address; look at how its addresses are written.")


def _refuse_others(parsed: Mapping[str, Any], arguments: frozenset[str]) -> None:
    said = {*parsed["qsd"], *(sign for sign in ("qsd+", "qsd-", "qsd:") if parsed.get(sign))}
    if others := sorted(said - arguments):
        raise AddressError(f"The address says “{others[0][:40]}”, which is not taken here; leave it out.")


@contextmanager
def through(line: Line) -> Iterator[None]:
    """Let what plugins ask go through the line."""
    token = _current.set(line)
    try:
        yield
    finally:
        _current.reset(token)


def notify(plugin: NotifyBase, line: Line, *, title: str, body: str) -> bool:
    """Say it; whether the service took it."""
    with through(line):
        speaker = Apprise(asset=plugin.asset)
        speaker.add(plugin)
        return bool(speaker.notify(title=title, body=body, body_format=NotifyFormat.TEXT))
