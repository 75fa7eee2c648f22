"""Who a token stands for, and what is public of a person, in the shapes of Hugging Face's API."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.access import NobodyError
from broadsheet.accounts.models import Person
from broadsheet.api.huggingface import errors, shapes
from broadsheet.api.huggingface.errors import RefusedError
from broadsheet.api.huggingface.views import json, site_of
from broadsheet.http.viewers import viewer_of

# Scopes that change nothing.
ONLY_READS = frozenset({"read"})


@errors.reading
def whoami(request: HttpRequest) -> HttpResponse:
    """Whose token it is; a token that may not even read is told all the same."""
    viewer = viewer_of(request)
    if viewer.person is None:
        raise NobodyError("Send a token.")
    may_write = bool(set(viewer.scopes or ()) - ONLY_READS)
    token = {"displayName": viewer.token, "role": "write" if may_write else "read"}
    known = shapes.person(viewer.person, site=site_of(request)) | {
        "id": shapes.key(viewer.person.pk),
        "orgs": [],
        "auth": {"type": "access_token", "accessToken": token},
    }
    if viewer.person.email and "read" in (viewer.scopes or ()):
        known["email"] = viewer.person.email
    return json(known)


@errors.reading
def overview(request: HttpRequest, name: str) -> HttpResponse:
    """What is public of a person."""
    return json(shapes.person(_person(name), site=site_of(request)) | {"orgs": []})


@errors.reading
def follows(request: HttpRequest, name: str) -> HttpResponse:
    """Nobody: whom people follow here is theirs alone."""
    del request
    _person(name)
    return json([])


def _person(name: str) -> Person:
    found = Person.objects.seen().filter(handle=name).first()
    if found is None:
        raise RefusedError("Nobody here has that name.", status=HTTPStatus.NOT_FOUND)
    return found
