"""The answers: what is asked for, found by the rooms below, in the shapes of Hugging Face's API."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone

from broadsheet.api import talk
from broadsheet.api.here import of_papers
from broadsheet.api.huggingface import asked, errors, shapes
from broadsheet.api.huggingface.asked import DailyAsked, PapersAsked, SearchAsked
from broadsheet.api.huggingface.said import Json
from broadsheet.api.huggingface.shapes import Ours, Site
from broadsheet.community import claiming, counting
from broadsheet.community.models import ClaimState
from broadsheet.configured import instance
from broadsheet.daily import lists
from broadsheet.daily.cursors import CursorError
from broadsheet.daily.entries import ListName, Part
from broadsheet.http.addresses import whole
from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import marks
from broadsheet.papers import reading as catalogue
from broadsheet.papers.reading import PaperDetail

KEPT_FOR = 60


@errors.reading
@kept(seconds=LISTS, reads=DailyAsked.model_fields)
def daily_papers(request: HttpRequest) -> HttpResponse:
    """The papers of the daily lists."""
    given, today = asked.parse(DailyAsked, request.GET), timezone.now().date()
    wanted = asked.daily_list(given, today)
    found = lists.read(wanted, viewer_of(request), Part(given.limit, given.p * given.limit), today=today)
    answer = _items(request, [(one.pk, one.day) for one in found.entries], found.hidden)
    if found.next:
        answer["Link"] = _next(request, p=given.p + 1)
    return answer


@errors.reading
@kept(seconds=LISTS, reads=PapersAsked.model_fields)
def papers(request: HttpRequest) -> HttpResponse:
    """All papers, those published last first."""
    given = asked.parse(PapersAsked, request.GET)
    try:
        part = Part(limit=given.limit, after=given.cursor)
        found = lists.read(ListName("papers"), viewer_of(request), part, today=timezone.now().date())
    except CursorError as problem:
        raise asked.refused(PapersAsked, "cursor") from problem
    answer = _items(request, [(pk, None) for pk in found.pks], found.hidden)
    if found.next:
        answer["Link"] = _next(request, cursor=found.next)
    return answer


@errors.reading
@kept(seconds=LISTS, reads=SearchAsked.model_fields)
def search(request: HttpRequest) -> HttpResponse:
    """The papers that a query finds, best first; without one, all papers, the newest first."""
    given = asked.parse(SearchAsked, request.GET)
    wanted = ListName("search", given.q, "relevance")
    found = lists.read(wanted, viewer_of(request), Part(given.limit), today=timezone.now().date())
    return _items(request, [(pk, None) for pk in found.pks], found.hidden)


@errors.reading
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """One paper, by any of its names; with its comments where these are asked for.

    Anywhere else the client takes a field of that name for their number.
    """
    if request.GET.get("field") != "comments":
        return _paper(request, name)
    found, site = _alone(request, name), site_of(request)
    pk, _ = known(name)
    comments = [shapes.comment(one, site=site) for one in talk.of_paper(pk, viewer_of(request))]
    return json(found | {"comments": comments})


@kept(seconds=KEPT_FOR, shows=counting.mark_of_counts)
def _paper(request: HttpRequest, name: str) -> HttpResponse:
    return json(_alone(request, name))


def _alone(request: HttpRequest, name: str) -> Json:
    detail = detail_of(name)
    return shapes.alone(detail, site=site_of(request), ours=_ours([detail.row.pk])[detail.row.pk])


@errors.reading
@kept(seconds=KEPT_FOR, shows=marks.of_paper)
def repositories(request: HttpRequest, name: str) -> HttpResponse:
    """The repositories that are linked to a paper."""
    del request
    return json(shapes.repositories(detail_of(name)))


@errors.reading
def agent_harnesses(request: HttpRequest) -> HttpResponse:
    """Nothing, which the client remembers for a day; it asks whenever it runs."""
    del request
    return json({"standardEnvVars": [], "harnesses": {}})


@errors.reading
def unknown(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked for."""
    return errors.unknown_address(request)


def _items(request: HttpRequest, papers: Sequence[tuple[int, date | None]], hidden: int) -> HttpResponse:
    """The papers, each with the day whose list it is from; None where it was on none. A header says how many
    there are besides that the person of the token leaves out.
    """
    site = site_of(request)
    pks = [pk for pk, _ in papers]
    details, ours = {one.row.pk: one for one in catalogue.details(pks)}, _ours(pks)
    answer = json(
        [shapes.item(details[pk], day=day, site=site, ours=ours[pk]) for pk, day in papers if pk in details]
    )
    if hidden:
        answer["X-Hidden"] = str(hidden)
    return answer


def _ours(papers: Collection[int]) -> dict[int, Ours]:
    """What people of this site did with each of these papers."""
    claims = claiming.of_papers(papers)
    verified = {
        pk: {claim.slug: claim for claim in those if claim.state == ClaimState.VERIFIED}
        for pk, those in claims.items()
    }
    return {pk: Ours(here, verified.get(pk, {})) for pk, here in of_papers(papers).items()}


def known(name: str) -> tuple[int, str]:
    """The key of the paper, and the name it is known by here. Raises RefusedError."""
    found = catalogue.resolve(name)
    if found is None:
        raise errors.unknown_paper()
    return found


def detail_of(name: str) -> PaperDetail:
    """The paper of any of its names. Raises RefusedError."""
    details = catalogue.details([known(name)[0]])
    if not details:
        raise errors.unknown_paper()
    return details[0]


def site_of(request: HttpRequest) -> Site:
    """Who answers."""
    return Site(instance().site_name, whole(request, static("icon.svg")))


def _next(request: HttpRequest, **changed: object) -> str:
    """The next page as a link (RFC 8288)."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return f'<{whole(request, request.path)}?{query.urlencode()}>; rel="next"'


def json(value: Any, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The value as JSON."""
    return HttpResponse(orjson.dumps(value), status=status, content_type="application/json")
