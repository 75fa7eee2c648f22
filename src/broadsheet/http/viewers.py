"""Who asks with a request: found once, from the session of a page or the token of a program."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest
from django.utils import timezone

from broadsheet.accounts import tokens
from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Person
from broadsheet.http.private import takes_tokens_only

BEARER = "bearer "


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks. A page of everybody is made for nobody, whoever asks for it."""
    find_viewer: Callable[[], Viewer] | None = getattr(request, "find_viewer", None)
    return find_viewer() if find_viewer else NOBODY


def find(request: HttpRequest) -> Viewer:
    """Who asks with this request: by a session on a page, by a token alone where programs ask.

    An unknown token asks for nobody: what everybody may read is read with it, too.
    """
    if takes_tokens_only(request):
        return _of_token(request)
    person = get_user(request)
    return Viewer(person=person) if isinstance(person, Person) and person.is_active else NOBODY


def _of_token(request: HttpRequest) -> Viewer:
    said = request.headers.get("Authorization", "")
    if said[: len(BEARER)].lower() != BEARER:
        return NOBODY
    token = tokens.find(said[len(BEARER) :].strip(), now=timezone.now())
    if token is None:
        return NOBODY
    via = "mcp" if request.path_info.startswith("/mcp") else "api"
    return Viewer(
        person=token.person,
        scopes=frozenset(token.scopes),
        via=via,
        is_agent=token.is_agent,
        publishes=token.publishes,
        token=token.name,
    )
