"""The page of curators: what waits for a decision, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from broadsheet.accounts import access
from broadsheet.accounts.proofs import domains, orcids
from broadsheet.community import claiming, curating, deciding, deeds, here
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.jobs.wake import wake
from broadsheet.papers.identifiers import with_scheme
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.papers import find_or_404
from broadsheet.web.templating import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@as_allowed
def curate(request: HttpRequest) -> HttpResponse:
    """The queue; a form decides on all that are chosen in it, each for itself."""
    access.check(viewer_of(request), "curate", now=timezone.now())
    said = list(dict.fromkeys(_decided(request))) if request.method == "POST" else []
    if request.method == "POST":
        wake("index")
    if request.method == "POST" and not said:
        return see_other(reverse("curate"))
    return page(
        request,
        "curate.html",
        status=HTTPStatus.CONFLICT if said else HTTPStatus.OK,
        said=said,
        today=timezone.now().date(),
        waiting=deciding.waiting(),
        decided=deciding.decided(),
        claims=[(one, sorted(domains(one.person)), sorted(orcids(one.person))) for one in claiming.waiting()],
        decided_claims=claiming.decided(),
        reason=request.POST.get("reason", "")[:500],
    )


@never_cache
@only_posted
@as_allowed
def decide_claim(request: HttpRequest) -> HttpResponse:
    """Verify or refuse a claim, or let it be open again."""
    key, viewer, now = key_in(request.POST.get("claim", "")), viewer_of(request), timezone.now()
    try:
        match request.POST.get("do"):
            case "verify":
                claiming.verify(viewer, key, domain=request.POST.get("domain", ""), now=now)
            case "refuse":
                claiming.refuse(viewer, key, request.POST.get("reason", ""), now=now)
            case _:
                claiming.take_back(viewer, key, now=now)
    except (claiming.NoClaimError, deeds.ReasonError) as problem:
        return errors.refused(request, status=HTTPStatus.CONFLICT, title="Not decided", said=str(problem))
    return see_other(f"{reverse('curate')}#claims")


@never_cache
@only_posted
@as_allowed
def add(request: HttpRequest, name: str) -> HttpResponse:
    """Give a paper a link or an organization, or take one back."""
    paper, public_id = find_or_404(name)
    viewer, named, now = viewer_of(request), with_scheme(public_id), timezone.now()
    said = request.POST
    try:
        if key := said.get("take_back"):
            curating.take_back(viewer, paper, key, now=now)
        elif said.get("do") == "organization":
            curating.add_organization(viewer, paper, named, name=said.get("organization", ""), now=now)
        else:
            kind, url = said.get("kind", ""), said.get("url", "")
            curating.add_link(viewer, paper, named, kind=kind, url=url, now=now)
    except here.NoWordError as problem:
        return errors.refused(request, status=HTTPStatus.CONFLICT, title="Not added", said=str(problem))
    wake("index")
    return see_other(reverse("paper", args=[public_id]))


def _decided(request: HttpRequest) -> Iterator[str]:
    """Decide on what the form says. What could not be done, in sentences."""
    if key := request.POST.get("take_back"):
        chosen = [key]
    else:
        chosen = request.POST.getlist("listed" if "all" in request.POST else "submission")
    if not chosen:
        yield "Choose what to decide on."
    for key in chosen[: deciding.SHOWN]:
        try:
            _decide(request, key_in(key))
        except (deciding.NoDecisionError, deeds.ReasonError, here.NoWordError, _NoDayError) as problem:
            yield str(problem)


class _NoDayError(ValueError):
    """The form has no day."""


def _decide(request: HttpRequest, key: int) -> None:
    viewer, now = viewer_of(request), timezone.now()
    if "take_back" in request.POST:
        deciding.take_back(viewer, key, now=now)
    elif request.POST.get("do") == "decline":
        deciding.decline(viewer, key, request.POST.get("reason", ""), now=now)
    else:
        deciding.decide(viewer, key, _day(request.POST.get("day", "")) or now.date(), now=now)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _NoDayError("Write the day as 2026-11-30, or leave it empty for today.") from None
