"""What the page of a person shows: what they did in public, and their votes if they show them."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.accounts.models import Person
from broadsheet.community import sight
from broadsheet.community.models import (
    Claim,
    ClaimState,
    Comment,
    Submission,
    Vote,
    WhyNot,
)
from broadsheet.community.reporting import PUBLIC_SUBMISSIONS

LATEST = 50


class NobodyThereError(LookupError):
    """Nobody here has that handle, or they left."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, and the latest of what they did; votes are None where they do not show them."""

    person: Person
    comments: list[Comment]
    submissions: list[Submission]
    claims: list[Claim]
    votes: list[Vote] | None


def find(handle: str) -> Person:
    """The person of that handle. Raises NobodyThereError, also for who is about to leave."""
    person = Person.objects.seen().filter(handle=handle).first()
    if person is None:
        raise NobodyThereError("Nobody here is called that.")
    return person


def profile(handle: str) -> Profile:
    """What the page of that person shows. Raises NobodyThereError."""
    person = find(handle)
    comments = sight.public().filter(person=person)
    submissions = Submission.objects.filter(person=person, state__in=PUBLIC_SUBMISSIONS)
    claims = Claim.objects.filter(person=person, state=ClaimState.VERIFIED)
    votes = (
        Vote.objects.filter(person=person)
        .exclude(why_not=WhyNot.TWICE)
        .select_related("paper")
        .order_by("-cast_at", "-pk")
    )
    return Profile(
        person,
        comments=list(comments.select_related("paper").order_by("-pk")[:LATEST]),
        submissions=list(submissions.select_related("paper").order_by("-pk")[:LATEST]),
        claims=list(claims.select_related("paper").order_by("pk")[:LATEST]),
        votes=None if person.votes_private else list(votes[:LATEST]),
    )
