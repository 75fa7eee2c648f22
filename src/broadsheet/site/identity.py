"""Who asks, found before any view is; and, on a site for members, nothing for anybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from broadsheet.accounts.settings import access_settings
from broadsheet.http import viewers
from broadsheet.http.private import is_personal, takes_tokens_only
from broadsheet.site import errors
from broadsheet.site.limits import COUNTED
from broadsheet.web import accounts

# What a stranger may see of a site for members: the way in, and what tells a machine that it lives.
FOR_ALL = (
    "/accounts/",
    "/enter/",
    "/join/",
    # A feed of somebody's notices or lists: its address is the secret.
    "/feeds/",
    # So are those of the links in mails.
    "/confirm/",
    "/manage/",
    "/save/",
    "/unsubscribe/",
    "/static/",
    "/healthz",
    "/metrics",
    "/robots.txt",
    "/favicon.ico",
)


class WhoAsks:
    """Say how the viewer is found, once somebody asks for them. Cookies count on pages alone, tokens where
    programs ask alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or show a stranger the way in."""
        if takes_tokens_only(request):
            request.user = AnonymousUser()
        # Nobody without a cookie or a token is somebody: nothing is asked of the database.
        if is_personal(request):
            request.find_viewer = cache(lambda: viewers.find(request))  # type: ignore[attr-defined]
        if access_settings().reading == "members" and not _may_read(request):
            return _way_in(request)
        return accounts.closed(request) or self.get_response(request)


def _may_read(request: HttpRequest) -> bool:
    viewer = viewers.viewer_of(request)
    if viewer.person is not None:
        return viewer.scopes is None or "read" in viewer.scopes
    return request.path_info.startswith(FOR_ALL)


def _way_in(request: HttpRequest) -> HttpResponse:
    if COUNTED.match(request.path_info) or request.method not in {"GET", "HEAD"}:
        return errors.for_members(request)
    back = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_login')}?{back}")
