"""People: what is public of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Router

from broadsheet.api import talk
from broadsheet.api.talk import Said
from broadsheet.api.v1 import answers
from broadsheet.api.v1.reports import Handle
from broadsheet.community import profiles, sight
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.reading import Name

router = Router(tags=["people"])


@dataclass(frozen=True, slots=True)
class Done:
    """A paper that somebody voted for or submitted, and whether a program did that for them by itself."""

    paper: str
    is_by_agent: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, or a program of somebody's (`kind` bot), and the latest of what they did in public. They are
    verified as an author of `papers` and speak for `organizations`; `votes` are null where they do not show
    them.
    """

    handle: str
    name: str
    kind: str
    role: str
    joined_on: date
    papers: tuple[str, ...]
    organizations: tuple[Name, ...]
    comments: tuple[Said, ...]
    submissions: tuple[Done, ...]
    votes: tuple[Done, ...] | None


@router.get(
    "people/{handle}", response=Profile, summary=f"A person, with the last {profiles.LATEST} of what they did"
)
def someone(request: HttpRequest, handle: Handle) -> HttpResponse:
    """As on their page; whoever left, or is about to, is not there."""
    found = profiles.profile(handle)
    person, comments = found.person, [one.pk for one in found.comments]
    shown = Profile(
        handle=handle,
        name=person.shown,
        kind=person.kind,
        role=person.role,
        joined_on=person.joined_at.date(),
        papers=tuple(dict.fromkeys(one.paper.public_id for one in found.claims if one.paper)),
        organizations=tuple(profiles.organizations(person)),
        comments=tuple(talk.some(sight.public().filter(pk__in=comments), viewer_of(request))),
        submissions=tuple(
            Done(one.paper.public_id, one.is_by_agent) for one in found.submissions if one.paper
        ),
        votes=None
        if found.votes is None
        else tuple(Done(one.paper.public_id, one.is_by_agent) for one in found.votes),
    )
    return answers.json(request, shown)
