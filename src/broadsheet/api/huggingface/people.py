"""Who a token stands for, and what is public of a person, in the shapes of Hugging Face's API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.access import NobodyError
from broadsheet.accounts.models import Person
from broadsheet.api.huggingface import errors, shapes
from broadsheet.api.huggingface.said import Json
from broadsheet.api.huggingface.views import json, site_of
from broadsheet.community import profiles
from broadsheet.http.viewers import viewer_of

# Scopes that change nothing.
ONLY_READS = frozenset({"read"})
# Whom somebody follows is told to nobody, and no repositories are kept here.
NOT_HERE = (
    "numModels",
    "numDatasets",
    "numSpaces",
    "numLikes",
    "numFollowing",
    "numFollowers",
    "followerCount",
)


@errors.reading
def whoami(request: HttpRequest) -> HttpResponse:
    """Whose token it is; a token that may not even read is told all the same."""
    viewer = viewer_of(request)
    if viewer.person is None:
        raise NobodyError("Send a token.")
    may_write = bool(set(viewer.scopes or ()) - ONLY_READS)
    token = {"displayName": viewer.token, "role": "write" if may_write else "read"}
    known = shapes.person(viewer.person, site=site_of(request)) | {
        "id": shapes.user_id(viewer.person),
        "orgs": _organizations(viewer.person, request),
        "auth": {"type": "access_token", "accessToken": token},
    }
    if viewer.person.email and "read" in (viewer.scopes or ()):
        known["email"] = viewer.person.email
    return json(known)


@errors.reading
def overview(request: HttpRequest, name: str) -> HttpResponse:
    """What is public of a person; of what there is nothing here they have none."""
    person = profiles.find(name)
    counted = profiles.counts(person)
    numbers = {
        "numPapers": counted.papers,
        "numDiscussions": counted.threads,
        "numUpvotes": counted.helpful,
        **dict.fromkeys(NOT_HERE, 0),
    }
    orgs = _organizations(person, request)
    return json(shapes.person(person, site=site_of(request)) | numbers | {"orgs": orgs})


@errors.reading
def follows(request: HttpRequest, name: str) -> HttpResponse:
    """Nobody: whom people follow here is theirs alone."""
    del request
    profiles.find(name)
    return json([])


def _organizations(person: Person, request: HttpRequest) -> list[Json]:
    """The organizations that the person speaks for."""
    site = site_of(request)
    return [shapes.organization(one.slug, one.name, site=site) for one in profiles.organizations(person)]
