"""Papers of arXiv that the catalogue does not have: a reader asks for one, and it is fetched."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.http.having_fetched import have_fetched
from broadsheet.http.posting import see_other
from broadsheet.jobs import life
from broadsheet.papers import reading
from broadsheet.papers.identifiers import Identifier, arxiv_id
from broadsheet.papers.places import places
from broadsheet.sources.live.wanted import TooManyWantedError, is_on_offer, may_ask_again
from broadsheet.sources.models import WantedPaper
from broadsheet.web import errors, papers
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

RETRY_AFTER = timedelta(minutes=5)


@require_safe
@vary_on_headers("Accept")
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """The page of a paper, or the paper as Markdown for whoever prefers that; where arXiv may have it and we
    do not, what can be done or was done about it.
    """
    if request.get_preferred_type(["text/html", papers.MARKDOWN]) == papers.MARKDOWN:
        return papers.as_markdown(request, name)
    try:
        return papers.paper(request, name)
    except Http404:
        identifier = arxiv_id(name)
        if identifier is None or not is_on_offer(identifier) or reading.resolve(identifier.public_id):
            raise
        return _not_here(request, identifier)


@never_cache
@only_posted
def ask(request: HttpRequest) -> HttpResponse:
    """Have the paper with this `id` fetched from arXiv, and go to its page."""
    identifier = arxiv_id(request.POST.get("id", ""))
    if identifier is None or not is_on_offer(identifier):
        said = "That is no identifier of arXiv, or this site fetches nothing from there."
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not for us to fetch", said=said)
    if reading.resolve(identifier.public_id) is None:
        try:
            have_fetched(request, identifier, now=timezone.now())
        except TooManyWantedError as problem:
            return errors.too_soon(request, f"{problem}.", retry_after=RETRY_AFTER)
        except TakenTooMuchError as problem:
            return errors.too_soon(request, str(problem), retry_after=problem.retry_after)
    return see_other(reverse("paper", args=[identifier.public_id]))


@never_cache
def _not_here(request: HttpRequest, identifier: Identifier) -> HttpResponse:
    """202 while arXiv has not answered yet, else 404."""
    now, wanted = timezone.now(), WantedPaper.objects.filter(pk=identifier.value).first()
    is_waiting = wanted is not None and wanted.found is None
    return page(
        request,
        "asked.html",
        status=HTTPStatus.ACCEPTED if is_waiting else HTTPStatus.NOT_FOUND,
        identifier=identifier,
        wanted=wanted,
        may_ask_again=wanted is not None and may_ask_again(wanted, now=now),
        is_worked_on=life.is_given(now=now),
        elsewhere=places(identifier),
    )
