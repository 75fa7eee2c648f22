"""Claims: a person is an author of a paper by the name printed there, or speaks for an organization.

A claim hangs on a paper and the slug of the name that it prints, never on a row of authorship, which is made
anew with each change: so it follows the name when curators join pages or part them. It is verified by an
ORCID iD that a source has for this author, by mail at a domain of which a curator said that it is the
organization's, or by a curator. Each step has a way back: what was decided can be asked again, and what was
verified disputed or withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from broadsheet.accounts import access, handles, joining, limits
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.accounts.proofs import domains, is_at, orcids
from broadsheet.community import deeds, notices, voting
from broadsheet.community.models import Claim, ClaimKind, ClaimState, Deed
from broadsheet.papers import attributions, authors
from broadsheet.papers.catalogue import locked_revision
from broadsheet.papers.models import Authorship, SourceRecord
from broadsheet.papers.names import name_slug
from broadsheet.papers.tables import placeholders

CLAIM = "claim"
ORCID, DOMAIN, CURATOR = "orcid", "domain", "curator"
# What stands on pages: a claim that is disputed stands there as such, until a curator decides.
SHOWN = (ClaimState.VERIFIED, ClaimState.DISPUTED)
OPEN = (ClaimState.ASKED, ClaimState.DISPUTED)
DECIDED = (ClaimState.VERIFIED, ClaimState.REFUSED)
MOST_OPEN, QUEUE_SHOWN, DECIDED_SHOWN = 50, 200, 50
NOT_THERE = "There is no such claim."
# The slug of the name that a paper prints.
PRINTED = Coalesce("printed_slug", "author")
DROPPED = "The paper does not name this author any more."


class NoClaimError(ValueError):
    """That cannot be claimed or decided; the message says why."""


class NoSuchClaimError(NoClaimError):
    """There is no such claim, or not for the viewer."""


def ask_author(
    viewer: Viewer, paper: int, named: str, slug: str, evidence: str = "", *, now: datetime
) -> Claim:
    """Say that the viewer is that author of the paper. It is verified at once where their ORCID iD proves it.

    To ask again changes nothing, but after a refusal or withdrawal. Raises NotAllowedError, NoClaimError or
    ReasonError.
    """
    person = access.check(viewer, "claim", now=now)
    rows = Authorship.objects.filter(Q(author=slug) | Q(printed_slug=slug), paper=paper).order_by("position")
    if not (printed := list(rows.values_list(PRINTED, flat=True))):
        raise NoClaimError("This paper names no such author.")
    of_name = slug if slug in printed else printed[0]
    known = Claim(kind=ClaimKind.AUTHOR, paper_id=paper, named=named, slug=of_name)
    return _ask(viewer, person, known, evidence, now=now)


def ask_organization(viewer: Viewer, slug: str, evidence: str = "", *, now: datetime) -> Claim:
    """Say that the viewer speaks for the organization. Raises as `ask_author` does."""
    person = access.check(viewer, "claim", now=now)
    found = authors.organization(slug)
    if found is None:
        raise NoClaimError("No paper here comes from such an organization.")
    return _ask(viewer, person, Claim(kind=ClaimKind.ORGANIZATION, slug=found.slug), evidence, now=now)


def withdraw(viewer: Viewer, pk: int, *, now: datetime) -> Claim:
    """Take one's own claim back, whatever became of it. Raises NotAllowedError or NoSuchClaimError."""
    person = access.check(viewer, "claim", now=now)
    with transaction.atomic():
        locked_revision()
        claim = Claim.objects.select_for_update().filter(pk=pk, person=person).first()
        if claim is None:
            raise NoSuchClaimError("You have no such claim.")
        _say(claim, ClaimState.WITHDRAWN, now=now)
        return claim


def dispute(viewer: Viewer, pk: int, reason: str, *, now: datetime) -> Claim:
    """Say that a verified claim is wrong, and why: it is shown as disputed until a curator decides.

    Raises NotAllowedError, TakenTooMuchError, NoClaimError or ReasonError; NoSuchClaimError for a claim of
    another that stands on no page.
    """
    person = access.check(viewer, "claim", now=now)
    if not person.vouched_at and not joining.is_vouched_for_at_once():
        raise access.NotAllowedError("You may dispute claims once you are vouched for.")
    why = deeds.needed(reason)
    with transaction.atomic():
        locked_revision()
        if not _shown().filter(pk=pk).exists() and not Claim.objects.filter(pk=pk, person=person).exists():
            raise NoSuchClaimError(NOT_THERE)
        claim = _locked(pk, (ClaimState.VERIFIED,))
        if claim.person_id == person.pk:
            raise NoClaimError("That is your own claim; withdraw it instead.")
        limits.take("report", limits.person(person.pk), now=now)
        _say(claim, ClaimState.DISPUTED, reason=why, now=now)
        return claim


def verify(viewer: Viewer, pk: int, *, domain: str = "", now: datetime) -> Claim:
    """Say, as a curator, that a claim is right; of an organization perhaps since the domain is its own: then
    whoever has mail there is verified at once from now on. Raises NotAllowedError or NoClaimError.
    """
    curator = access.check(viewer, "curate", now=now)
    with transaction.atomic():
        locked_revision()
        claim = _locked(pk, (*OPEN, ClaimState.REFUSED))
        if domain and domain not in domains(claim.person):
            raise NoClaimError(f"Nobody has proved that this person has mail at {domain}.")
        _check_alone(claim)
        before = _before(claim)
        claim.proof, claim.evidence = (DOMAIN, domain) if domain else (CURATOR, claim.evidence)
        _decide(claim, ClaimState.VERIFIED, curator, "verify", before=before, now=now)
        return claim


def refuse(viewer: Viewer, pk: int, reason: str, *, now: datetime) -> Claim:
    """Say, as a curator, that a claim is not right, and why. Raises as `verify` does, and ReasonError."""
    curator = access.check(viewer, "curate", now=now)
    why = deeds.needed(reason)
    with transaction.atomic():
        locked_revision()
        claim = _locked(pk, (*OPEN, ClaimState.VERIFIED))
        _decide(claim, ClaimState.REFUSED, curator, "refuse", reason=why, before=_before(claim), now=now)
        return claim


def take_back(viewer: Viewer, pk: int, *, now: datetime) -> Claim:
    """Let a claim be open again that was decided. Raises NotAllowedError or NoClaimError."""
    curator = access.check(viewer, "curate", now=now)
    with transaction.atomic():
        locked_revision()
        claim = _locked(pk, DECIDED)
        undone = Deed.objects.filter(kind=CLAIM, target=pk, undone_by=None, undoes=None).last()
        _decide(claim, ClaimState.ASKED, curator, "take back", before=_before(claim), undoes=undone, now=now)
        return claim


def of(viewer: Viewer) -> QuerySet[Claim]:
    """The viewer's own claims."""
    rows = Claim.objects.filter(person=viewer.pk) if viewer.pk else Claim.objects.none()
    return rows.select_related("paper")


def mine(viewer: Viewer) -> Sequence[Claim]:
    """The viewer's own claims, the latest first."""
    return list(of(viewer).order_by("-pk")[:QUEUE_SHOWN])


def queue() -> QuerySet[Claim]:
    """What waits for a curator, the oldest first."""
    waits = Claim.objects.filter(state__in=OPEN).order_by("asked_at", "pk")
    return waits.select_related("paper", "person")


def waiting() -> Sequence[Claim]:
    """As much of what waits for a curator as a page shows."""
    return list(queue()[:QUEUE_SHOWN])


def decided() -> Sequence[Claim]:
    """What curators decided last, the latest first."""
    rows = Claim.objects.filter(state__in=DECIDED, decided_by__isnull=False).order_by("-decided_at", "-pk")
    return list(rows.select_related("paper", "person")[:DECIDED_SHOWN])


def is_author(person: Person, paper: int) -> bool:
    """Whether the person is verified as an author of the paper."""
    return Claim.objects.filter(
        person=person, paper=paper, kind=ClaimKind.AUTHOR, state=ClaimState.VERIFIED
    ).exists()


def of_papers(papers: Collection[int]) -> Mapping[int, Sequence[Claim]]:
    """The claims of authors that stand on the pages of these papers, each person once for a name."""
    found: dict[int, dict[tuple[str, int], Claim]] = defaultdict(dict)
    if not _are_claimed(papers):
        return {}
    for claim in _shown().filter(paper__in=papers, kind=ClaimKind.AUTHOR).order_by("-pk"):
        found[claim.paper_id or 0][claim.slug, claim.person_id] = claim
    return {paper: [*reversed(claims.values())] for paper, claims in found.items()}


def _are_claimed(papers: Collection[int]) -> bool:
    """Whether somebody claimed one of these papers, which hardly any page has to say."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM community_claim WHERE paper_id IN ({placeholders(papers)}) LIMIT 1",  # noqa: S608
            [*papers],
        )
        return cursor.fetchone() is not None


def of_author(slug: str) -> Sequence[Claim]:
    """The claims to papers of the author at that address that stand on its page, each person once."""
    rows = _shown().filter(Exists(_printed().filter(author=slug)), kind=ClaimKind.AUTHOR).order_by("-pk")
    return [*{claim.person_id: claim for claim in rows[:QUEUE_SHOWN]}.values()]


def of_organization(slug: str) -> Sequence[Claim]:
    """The claims to speak for the organization that stand on its page."""
    slugs = {slug, *attributions.led_to(ClaimKind.ORGANIZATION, slug)}
    rows = _shown().filter(slug__in=slugs, kind=ClaimKind.ORGANIZATION).order_by("-pk")
    return [*reversed({claim.person_id: claim for claim in rows[:QUEUE_SHOWN]}.values())]


def verified_on(slug: str) -> Sequence[Claim]:
    """The claims to papers of the author at that address that are verified, the first first."""
    rows = Claim.objects.filter(kind=ClaimKind.AUTHOR, state=ClaimState.VERIFIED).select_related("person")
    return list(rows.filter(Exists(_printed().filter(author=slug))).order_by("decided_at", "pk"))


def doubt(claims: Collection[int], reason: str) -> None:
    """Let verified claims be disputed by a rule of the house. The caller holds the transaction."""
    Claim.objects.filter(pk__in=claims).update(state=ClaimState.DISPUTED, reason=reason)


def settle(claims: Collection[int], reason: str) -> None:
    """Let claims be verified again that are disputed for that reason, unless somebody else is meanwhile.

    The caller holds the transaction.
    """
    for claim in Claim.objects.filter(pk__in=claims, state=ClaimState.DISPUTED, reason=reason):
        if not _others(claim).exists():
            Claim.objects.filter(pk=claim.pk).update(state=ClaimState.VERIFIED, reason="")


def changed(papers: Collection[int]) -> None:
    """Ask again who claimed to be an author that a new version of these papers does not name any more.

    The caller holds the transaction.
    """
    of_authors = Claim.objects.filter(paper__in=papers, kind=ClaimKind.AUTHOR, state__in=SHOWN)
    dropped = of_authors.filter(~Exists(_printed()))
    if concerned := sorted(set(dropped.values_list("paper", flat=True))):
        now = timezone.now()
        dropped.update(state=ClaimState.ASKED, reason=DROPPED, decided_at=now, decided_by=None)
        voting.judge(concerned, now=now)


def _printed() -> QuerySet[Authorship]:
    """The rows of authors that a claim is about."""
    rows = Authorship.objects.filter(paper=OuterRef("paper"))
    return rows.filter(Q(author=OuterRef("slug"), printed_slug=None) | Q(printed_slug=OuterRef("slug")))


def _shown() -> QuerySet[Claim]:
    return Claim.objects.filter(state__in=SHOWN, person__in=Person.objects.seen()).select_related("person")


def _ask(viewer: Viewer, person: Person, asked: Claim, evidence: str, *, now: datetime) -> Claim:
    said = deeds.cleaned(evidence)
    handles.have(person)
    with transaction.atomic():
        locked_revision()
        joining.was_active(viewer, now=now)
        where = {"paper": asked.paper_id, "slug": asked.slug, "kind": asked.kind}
        claim = Claim.objects.filter(person=person, **where).order_by("-pk").first() or asked
        if claim.pk and claim.state not in (ClaimState.REFUSED, ClaimState.WITHDRAWN):
            return claim
        if Claim.objects.filter(person=person, state=ClaimState.ASKED).count() >= MOST_OPEN:
            raise NoClaimError(f"{MOST_OPEN} claims of yours wait already; ask again when they are decided.")
        claim.person, claim.evidence, claim.proof, claim.asked_at = person, said, "", now
        _say(claim, ClaimState.ASKED, now=now)
        if proof := _proof(claim):
            claim.proof, claim.evidence = proof
            _say(claim, ClaimState.VERIFIED, now=now)
        return claim


def _proof(claim: Claim) -> tuple[str, str] | None:
    """What proves the claim without a curator, in a word and in itself; None where nothing does."""
    if _others(claim).exists():
        return None
    if claim.kind == ClaimKind.AUTHOR:
        found = orcids(claim.person) & _orcids_of(claim.paper_id or 0, claim.slug)
        return (ORCID, min(found)) if found else None
    slugs = {claim.slug, *attributions.led_to(claim.kind, claim.slug)}
    theirs = Claim.objects.filter(
        kind=ClaimKind.ORGANIZATION, slug__in=slugs, proof=DOMAIN, state=ClaimState.VERIFIED
    )
    known = set(theirs.values_list("evidence", flat=True))
    found = {one for one in known for domain in domains(claim.person) if is_at(domain, one)}
    return (DOMAIN, min(found)) if found else None


def _orcids_of(paper: int, slug: str) -> set[str]:
    """The ORCID iDs that sources have for that author of the paper."""
    contents = SourceRecord.objects.filter(paper=paper, content__contains='"orcid"')
    said = [
        orjson.loads(one).get("said", {}).get("orcid", {})
        for one in contents.values_list("content", flat=True)
    ]
    return {value for names in said for name, value in names.items() if name_slug(name) == slug}


def _others(claim: Claim) -> QuerySet[Claim]:
    """Claims of other people that are verified as this author of the paper."""
    verified = Claim.objects.filter(kind=ClaimKind.AUTHOR, state=ClaimState.VERIFIED, slug=claim.slug)
    return verified.filter(paper=claim.paper_id).exclude(person=claim.person_id)


def _check_alone(claim: Claim) -> None:
    if claim.kind == ClaimKind.AUTHOR and (other := _others(claim).select_related("person").first()):
        raise NoClaimError(
            f"{other.person.shown} is verified as this author already; take that back or refuse it first."
        )


def _locked(pk: int, states: Collection[ClaimState]) -> Claim:
    claim = Claim.objects.select_for_update(of=("self",)).select_related("person").filter(pk=pk).first()
    if claim is None:
        raise NoSuchClaimError(NOT_THERE)
    if claim.state not in states:
        raise NoClaimError(f"That was decided already: {claim.get_state_display().lower()}.")
    return claim


def _before(claim: Claim) -> dict[str, str]:
    return {"state": claim.state, "proof": claim.proof}


def _decide(
    claim: Claim,
    state: ClaimState,
    curator: Person,
    verb: str,
    *,
    reason: str = "",
    before: Mapping[str, str],
    undoes: Deed | None = None,
    now: datetime,
) -> None:
    """Write a curator's decision down, in the claim and in the log."""
    _say(claim, state, curator, reason=reason, now=now)
    deed = deeds.log(
        curator,
        verb,
        CLAIM,
        claim.pk,
        reason=reason,
        before=before,
        undoes=undoes,
        about=claim.person_id,
        now=now,
    )
    told = {
        ClaimState.VERIFIED: "Your claim was verified.",
        ClaimState.REFUSED: f"Your claim was refused: {reason}",
        ClaimState.ASKED: "Your claim is looked at once more.",
    }[state]
    notices.note(
        [claim.person_id],
        notices.CLAIM,
        target=deed.pk,
        paper=claim.paper_id,
        named=claim.named,
        said=f"{told} ({claim.slug})",
        now=now,
    )


def _say(
    claim: Claim, state: ClaimState, curator: Person | None = None, *, reason: str = "", now: datetime
) -> None:
    """Let the claim be in that state, and say of each vote for its paper anew whether it counts."""
    claim.state, claim.reason, claim.decided_by = state, reason, curator
    claim.decided_at = None if state == ClaimState.ASKED else now
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError:
        raise NoClaimError("Somebody else is verified as this author of the paper.") from None
    if claim.paper_id:
        voting.judge([claim.paper_id], now=now)
