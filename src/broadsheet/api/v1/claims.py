"""Claims: the person of a token is an author, or speaks for an organization, as they say; curators decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.proofs import domains, orcids
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import known
from broadsheet.api.v1.parameters import LONGEST_ID, WITHOUT_NUL, ByKey, ClaimKey, Why
from broadsheet.community import claiming
from broadsheet.community.models import NAMED_LENGTH, REASON_LENGTH
from broadsheet.community.models import Claim as Row
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.identifiers import with_scheme

SLUG = "The name of the {} in its address."

router = Router(tags=["claims"])


class Evidence(Schema):
    """What shows that a claim is right."""

    model_config = ConfigDict(extra="forbid")

    evidence: str = Field(
        "",
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"What shows it, for curators, {REASON_LENGTH} characters at most.",
    )


class AuthorClaim(Evidence):
    """Which author of which paper one is."""

    paper: str = Field(
        min_length=1,
        max_length=LONGEST_ID,
        pattern=WITHOUT_NUL,
        description="An identifier of the paper.",
        examples=["2611.00001"],
    )
    author: str = Field(
        min_length=1,
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description=SLUG.format("author"),
        examples=["author-a-of-1"],
    )


class OrganizationClaim(Evidence):
    """Which organization one speaks for."""

    organization: str = Field(
        min_length=1,
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description=SLUG.format("organization"),
        examples=["northlab"],
    )


class ClaimDecision(Schema):
    """What a curator says of a claim; to refuse it takes a reason."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["verified", "refused"] = Field(description="verified or refused.", examples=["verified"])
    reason: str = Field(
        "", max_length=REASON_LENGTH, pattern=WITHOUT_NUL, description="Why it is refused, for the claimant."
    )
    domain: str = Field(
        "",
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description="The organization's own domain: whoever has mail there is verified from now on.",
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim to be the author `slug` of `paper`, or (`kind` organization) to speak for that. `state` is
    asked, verified, refused, disputed or withdrawn, and `reason` says why. `proof` is what verified it:
    orcid, domain or curator.
    """

    id: int
    kind: str
    paper: str | None
    slug: str
    state: str
    proof: str
    evidence: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claims:
    """One's own claims, the latest first; `next` is the cursor of those that follow, null at the end."""

    claims: tuple[Claim, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as curators see it: by whom, who proved to have mail at `domains`, and these `orcids`."""

    handle: str | None
    name: str
    domains: tuple[str, ...]
    orcids: tuple[str, ...]
    claim: Claim


@dataclass(frozen=True, slots=True)
class ClaimQueue:
    """The claims that wait, the oldest first, and those that curators decided last; some of each. `next` is
    the cursor of those that wait behind them, null at the end.
    """

    waiting: tuple[Claimed, ...]
    decided: tuple[Claimed, ...]
    next: str | None


@router.get("claims", response=Claims, auth=Token("claim"), summary="One's own claims")
def claims(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """Whatever became of them. Takes the scope `submit`."""
    rows, cursor = listing.part(claiming.of(viewer_of(request)), asked)
    return answers.json(request, Claims(tuple(map(_sent, rows)), cursor), cursor=cursor)


@router.post(
    "claims", response={HTTPStatus.CREATED: Claim}, auth=Token("claim"), summary="Claim to be somebody"
)
def ask_claim(request: HttpRequest, body: AuthorClaim | OrganizationClaim) -> HttpResponse:
    """An author of a paper by the name printed there, or an organization. It is verified at once where an
    ORCID iD or mail at the organization proves it; else a curator decides. To ask again changes nothing. No
    agent may. Takes the scope `submit`.
    """
    viewer, now = viewer_of(request), timezone.now()
    if isinstance(body, OrganizationClaim):
        made = claiming.ask_organization(viewer, body.organization, body.evidence, now=now)
    else:
        paper, name = known(body.paper)
        made = claiming.ask_author(viewer, paper, with_scheme(name), body.author, body.evidence, now=now)
    return answers.json(request, _sent(made), status=HTTPStatus.CREATED)


@router.delete(
    "claims/{claim}", response={HTTPStatus.NO_CONTENT: None}, auth=Token("claim"), summary="Take a claim back"
)
def withdraw_claim(request: HttpRequest, claim: ClaimKey) -> HttpResponse:
    """One's own, whatever became of it. Takes the scope `submit`."""
    claiming.withdraw(viewer_of(request), claim, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.post("claims/{claim}/dispute", response=Claim, auth=Token("claim"), summary="Dispute a claim")
def dispute_claim(request: HttpRequest, claim: ClaimKey, body: Why) -> HttpResponse:
    """One of another that was verified, which is shown as disputed until a curator decides.

    Takes the scope `submit`.
    """
    found = claiming.dispute(viewer_of(request), claim, body.reason, now=timezone.now())
    return answers.json(request, _sent(found))


@router.get("curation/claims", response=ClaimQueue, auth=Token("curate"), summary="The claims that wait")
def claim_queue(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """For curators. Takes the scope `curate`."""
    waiting, cursor = listing.part(claiming.queue(), asked, oldest_first=True)
    found = ClaimQueue(tuple(map(_queued, waiting)), tuple(map(_queued, claiming.decided())), cursor)
    return answers.json(request, found, cursor=cursor)


@router.put("claims/{claim}/decision", response=Claim, auth=Token("curate"), summary="Decide on a claim")
def decide_claim(request: HttpRequest, claim: ClaimKey, body: ClaimDecision) -> HttpResponse:
    """As a curator; the claimant is told. Takes the scope `curate`."""
    viewer, now = viewer_of(request), timezone.now()
    if body.verdict == "verified":
        return answers.json(request, _sent(claiming.verify(viewer, claim, domain=body.domain, now=now)))
    return answers.json(request, _sent(claiming.refuse(viewer, claim, body.reason, now=now)))


@router.delete(
    "claims/{claim}/decision", response=Claim, auth=Token("curate"), summary="Take a decision on a claim back"
)
def reopen_claim(request: HttpRequest, claim: ClaimKey) -> HttpResponse:
    """Of whichever curator; the claim is open again. Takes the scope `curate`."""
    return answers.json(request, _sent(claiming.take_back(viewer_of(request), claim, now=timezone.now())))


def _sent(row: Row) -> Claim:
    return Claim(
        id=row.pk,
        kind=str(row.kind),
        paper=row.paper.public_id if row.paper else None,
        slug=row.slug,
        state=str(row.state),
        proof=row.proof,
        evidence=row.evidence,
        reason=row.reason,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
    )


def _queued(row: Row) -> Claimed:
    person = row.person
    known = tuple(sorted(domains(person))), tuple(sorted(orcids(person)))
    return Claimed(person.handle, person.shown, *known, claim=_sent(row))
