"""What the page of a person shows: what they did in public, and their votes if they show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from broadsheet.accounts.models import Person
from broadsheet.community import rendering, sight
from broadsheet.community.models import (
    Claim,
    ClaimKind,
    ClaimState,
    Comment,
    Submission,
    Vote,
    WhyNot,
)
from broadsheet.community.reporting import PUBLIC_SUBMISSIONS
from broadsheet.papers import attributions, reading
from broadsheet.papers.reading import Name

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


@dataclass(frozen=True, slots=True)
class Counts:
    """What is public of a person in numbers: threads begun, papers of theirs, how often they were helpful."""

    threads: int
    papers: int
    helpful: int


def find(handle: str) -> Person:
    """The person of that handle. Raises NobodyThereError, also for who is about to leave."""
    person = Person.objects.seen().filter(handle=handle).first()
    if person is None:
        raise NobodyThereError("Nobody here is called that.")
    return person


def counts(person: Person) -> Counts:
    """What is public of the person in numbers."""
    said = sight.public().filter(person=person)
    papers = Claim.objects.filter(person=person, state=ClaimState.VERIFIED, kind=ClaimKind.AUTHOR)
    return Counts(
        threads=said.filter(root=None).count(),
        papers=papers.values("paper").distinct().count(),
        helpful=said.aggregate(sum=Sum("helpful"))["sum"] or 0,
    )


def organizations(person: Person) -> list[Name]:
    """The organizations that the person is verified to speak for."""
    claims = Claim.objects.filter(person=person, state=ClaimState.VERIFIED, kind=ClaimKind.ORGANIZATION)
    pages = attributions.pages(ClaimKind.ORGANIZATION, set(claims.values_list("slug", flat=True)))
    slugs = sorted(set(pages.values()))
    names = reading.organization_names(slugs)
    return [Name(slug, names.get(slug, slug)) for slug in slugs]


def profile(handle: str) -> Profile:
    """What the page of that person shows. Raises NobodyThereError."""
    person = find(handle)
    found = sight.public().filter(person=person).select_related("paper").order_by("-pk")[:LATEST]
    comments = list(found)
    for comment in comments:
        comment.html = rendering.current(comment.html, comment.renderer, comment.source)
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
        comments=comments,
        submissions=list(submissions.select_related("paper").order_by("-pk")[:LATEST]),
        claims=list(claims.select_related("paper").order_by("pk")[:LATEST]),
        votes=None if person.votes_private else list(votes[:LATEST]),
    )
