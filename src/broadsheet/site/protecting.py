"""What protects people, whatever a view forgets.

Nothing is done that another site asked for, and nothing that depends on who asks is kept by anybody.
"""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts import providers
from broadsheet.http import private
from broadsheet.http.posting import SAFE_METHODS, is_from_our_pages, is_one_click
from broadsheet.web import errors

LOCAL_NAMES = (".local", ".localhost", ".lan", ".internal", ".home.arpa", ".test")
NOT_HERE = (
    "This site does not answer to that name. Whoever runs it can name it with BROADSHEET_SITE_URL, or"
    " allow further names with BROADSHEET_ALLOWED_HOSTS."
)
# Features of browsers that no page of ours uses.
PERMISSIONS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
NO_PERMISSIONS = ", ".join(f"{name}=()" for name in PERMISSIONS)


def is_nearby(host: str) -> bool:
    """Whether a Host header has an address, or a name that the public name system cannot lead here.

    A page of any site may give its own name this machine's address once a browser trusts it (DNS
    rebinding). Names of one word, and those that end as names of local networks do (RFC 6762, RFC 8375,
    ICANN's `internal`), have no public owner.
    """
    if host.startswith("["):
        return True
    name = host.partition(":")[0].removesuffix(".").lower()
    if "." not in name or name.endswith(LOCAL_NAMES):
        return True
    try:
        ip_address(name)
    except ValueError:
        return name == _own_name()
    return True


@functools.cache
def _own_name() -> str:
    """This machine's whole name; to find it may ask a name server, so it is not asked for each request."""
    return socket.getfqdn().lower()


class Protection:
    """Refuse unsafe methods that no page of ours asked for, and make private what depends on who asks.

    Addresses of programs take tokens only: cookies are forgotten there before any view sees them, so that a
    page of another site cannot use a reader's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it with a page that says why (403)."""
        if settings.ONLY_NEARBY and not is_nearby(request.get_host()):
            response = errors.refused(
                request, status=HTTPStatus.MISDIRECTED_REQUEST, title="Not here", said=NOT_HERE
            )
        elif private.takes_tokens_only(request):
            private.forget_cookies(request)
            response = self.get_response(request)
        elif request.method in SAFE_METHODS or is_one_click(request) or is_from_our_pages(request):
            response = self.get_response(request)
        else:
            response = errors.from_elsewhere(request)
        private.protect(request, response)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", NO_PERMISSIONS)
        return response


class ContentPolicy:
    """Tell browsers what a page may load and do: the same for every answer, so it is written once.

    Only the page with the button that leads to a provider of accounts has a form that may be sent on there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = build_policy()
        self._to_providers = build_policy(update={"form-action": providers.origins()})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else ""
        leads_on = view in providers.STARTS
        response["Content-Security-Policy"] = self._to_providers if leads_on else self._policy
        return response
