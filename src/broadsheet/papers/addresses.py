"""Whole addresses, as other sites and programs need them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def whole(request: HttpRequest, path: str = "") -> str:
    """The whole address of a path of ours: below SITE_URL or, without one, where we were asked."""
    return (settings.BROADSHEET.site_url or f"{request.scheme}://{request.get_host()}") + path
