"""The pages on which readers claim to be an author or an organization, and see what became of it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts import access
from broadsheet.community import claiming, deeds
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import authors, reading
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed, came_from
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.papers import find_or_404
from broadsheet.web.templating import page

PAPERS_SHOWN = 50
BY_ORCID = (
    "If you sign in with ORCID, and a source has your ORCID iD for this author, the claim is verified at"
    " once; else a curator looks at it."
)
BY_DOMAIN = (
    "If you have mail at a domain that curators know to be the organization’s, the claim is verified at once;"
    " else a curator looks at it."
)
FORMS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORMS)
@as_allowed
def of_paper(request: HttpRequest, name: str) -> HttpResponse:
    """Claim to be one of the authors of a paper."""
    paper, public_id = find_or_404(name)
    access.check(viewer_of(request), "claim", now=timezone.now())
    row = reading.detail_of(paper, name).row
    choices = [(one.slug, one.name) for one in row.authors]
    said = _claimed(request, [(paper, public_id, slug) for slug in _chosen(request, choices)])
    return _answer(
        request,
        said,
        heading="I am an author",
        why=f"Of “{row.text.title}”. {BY_ORCID}",
        legend="Which of them are you?",
        choices=choices,
        is_single=True,
    )


@never_cache
@require_http_methods(FORMS)
@as_allowed
def of_author(request: HttpRequest, slug: str) -> HttpResponse:
    """Claim some of the papers of whoever has the name."""
    author = authors.author(slug)
    if author is None:
        raise Http404("There is no such author here.")
    access.check(viewer_of(request), "claim", now=timezone.now())
    pks = reading.papers_of_author(author.slug).values_list("pk", flat=True)[:PAPERS_SHOWN]
    rows = {row.public_id: row for row in reading.rows(list(pks))}
    choices = [(public_id, row.text.title) for public_id, row in rows.items()]
    chosen = _chosen(request, choices)
    said = _claimed(request, [(rows[public_id].pk, public_id, author.slug) for public_id in chosen])
    return _answer(
        request,
        said,
        heading=f"I am {author.name}",
        why=f"Papers go together by the name alone, so choose those that are yours. {BY_ORCID}",
        legend="Which papers are yours?",
        choices=choices,
        is_single=False,
    )


@never_cache
@require_http_methods(FORMS)
@as_allowed
def of_organization(request: HttpRequest, slug: str) -> HttpResponse:
    """Claim to speak for an organization."""
    organization = authors.organization(slug)
    if organization is None:
        raise Http404("No paper here comes from such an organization.")
    viewer, now = viewer_of(request), timezone.now()
    access.check(viewer, "claim", now=now)
    said = ""
    if request.method == "POST":
        try:
            claiming.ask_organization(viewer, organization.slug, request.POST.get("evidence", ""), now=now)
        except (claiming.NoClaimError, deeds.ReasonError) as problem:
            said = str(problem)
    return _answer(
        request,
        said,
        heading=f"We are {organization.name}",
        why=BY_DOMAIN,
        legend="",
        choices=[],
        is_single=True,
    )


@never_cache
@require_safe
@as_allowed
def claims(request: HttpRequest) -> HttpResponse:
    """The reader's own claims."""
    viewer = viewer_of(request)
    access.check(viewer, "read", now=timezone.now())
    return page(request, "mine_claims.html", mine=claiming.mine(viewer))


@never_cache
@only_posted
@as_allowed
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a claim of one's own back; another's is not there."""
    try:
        claiming.withdraw(viewer_of(request), key_in(request.POST.get("claim", "")), now=timezone.now())
    except claiming.NoSuchClaimError as problem:
        return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No such claim", said=str(problem))
    return see_other(reverse("claims"))


@never_cache
@only_posted
@as_allowed
def dispute(request: HttpRequest) -> HttpResponse:
    """Say what is wrong with a verified claim."""
    try:
        claiming.dispute(
            viewer_of(request),
            key_in(request.POST.get("claim", "")),
            request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except (claiming.NoClaimError, deeds.ReasonError) as problem:
        return errors.refused(request, status=HTTPStatus.CONFLICT, title="Not disputed", said=str(problem))
    return see_other(came_from(request) or reverse("front"))


def _chosen(request: HttpRequest, choices: list[tuple[str, str]]) -> list[str]:
    """What of the choices the form has, each once."""
    offered = {value for value, _ in choices}
    return [value for value in dict.fromkeys(request.POST.getlist("chosen")) if value in offered]


def _claimed(request: HttpRequest, wanted: list[tuple[int, str, str]]) -> str:
    """Claim these names of papers. Why it was not done, in a sentence; empty where it was."""
    if request.method != "POST":
        return ""
    if not wanted:
        return "Choose what you claim."
    evidence, now = request.POST.get("evidence", ""), timezone.now()
    try:
        for paper, public_id, slug in wanted:
            claiming.ask_author(viewer_of(request), paper, with_scheme(public_id), slug, evidence, now=now)
    except (claiming.NoClaimError, deeds.ReasonError) as problem:
        return str(problem)
    return ""


def _answer(request: HttpRequest, said: str, **shown: object) -> HttpResponse:
    if request.method == "POST" and not said:
        return see_other(reverse("claims"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK
    evidence = request.POST.get("evidence", "")[:500]
    return page(request, "claim.html", status=status, said=said, evidence=evidence, **shown)
