"""What the site says about itself: how it ranks, how it is doing, what robots may read."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts.settings import access_settings
from broadsheet.configured import instance
from broadsheet.daily import editions
from broadsheet.http.addresses import whole
from broadsheet.http.keeping import kept
from broadsheet.http.posting import see_other
from broadsheet.jobs.wake import wake
from broadsheet.papers import counting, disk, heat, measures
from broadsheet.search import fusion
from broadsheet.search import status as index_status
from broadsheet.sources import mending
from broadsheet.sources.completeness import status as source_status
from broadsheet.sources.live.fetching import turns
from broadsheet.sources.live.registry import scheduled
from broadsheet.sources.models import Run
from broadsheet.sources.settings import source_settings
from broadsheet.web import assets, errors
from broadsheet.web.charts import chart
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

RUNS_SHOWN = 10
# Papers of an example: counted votes, upvotes elsewhere, stars, people who comment, hours.
EXAMPLES = ((12, 0, 0, 3, 20), (0, 48, 0, 0, 20), (3, 0, 0, 40, 20), (50, 120, 900, 8, 96))
STATUS_KEPT_SECONDS = 60
ABOUT_KEPT_SECONDS = 60
# Searches in all their forms, and their like: they cost most and lead nowhere new.
KEPT_FROM_ROBOTS = ("/papers?", "/papers.", "/papers/*/similar")


@require_safe
@kept(seconds=ABOUT_KEPT_SECONDS)
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, where its papers come from, and where all else about it is told."""
    config = source_settings()
    return page(
        request,
        "about.html",
        counts=counting.counts(now=timezone.now()),
        families=list(
            dict.fromkeys(one.family for one in scheduled(config.families, categories=config.followed))
        ),
        followed=config.followed,
        has_dumps=config.dump,
        contact=config.contact,
        version=version("broadsheet"),
    )


@require_safe
def about_ranking(request: HttpRequest) -> HttpResponse:
    """How lists are ordered, with the numbers in force."""
    return page(request, "ranking.html", heat=heat, examples=_examples(), editions=editions, fusion=fusion)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """What letters and swipes do. Opened by a key, it is a sheet over the page."""
    return page(request, "keys.html")


def _examples() -> list[dict[str, float]]:
    """What the formula makes of a few papers: counted votes, upvotes elsewhere, stars, people, hours."""
    return [
        {
            "counted": counted,
            "upvotes": upvotes,
            "stars": stars,
            "people": people,
            "hours": hours,
            "interest": (cared := heat.interest(counted, heat.elsewhere(upvotes, stars), people)),
            **{over: heat.score(cared, hours, over) for over in heat.HOURS},
        }
        for counted, upvotes, stars, people, hours in EXAMPLES
    ]


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How complete each source's days are, what catalogue and index hold, what the last runs brought."""
    # Numbers of a large catalogue are those of the last minute anyway.
    return _kept_status(request) if measures.is_large() else _status(request)


def _status(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    families, counts = source_status.read(now=now), counting.counts(now=now)
    return page(
        request,
        "status.html",
        families=[(family, chart(family.days)) for family in families],
        left_alone=turns.left_alone(now=now),
        counts=counts,
        runs=Run.objects.order_by("-started_at", "-pk")[:RUNS_SHOWN],
        index=index_status.read(papers=counts.papers),
        has_dumps=source_settings().dump,
        shortage=disk.shortage(instance().data, name="the data folder"),
    )


_kept_status = kept(seconds=STATUS_KEPT_SECONDS)(_status)


@never_cache
@only_posted
def fetch_again(request: HttpRequest) -> HttpResponse:
    """Have the gaps of a `family` from day `first` to `last` fetched once more."""
    now = timezone.now()
    families = {family.family: family for family in source_status.read(now=now) if family.is_on}
    try:
        family = families[request.POST["family"]]
        first, last = (date.fromisoformat(request.POST[name]) for name in ("first", "last"))
        mending.fetch_again(family, first, last, now=now)
    except (KeyError, ValueError):
        return errors.bad_request(request)
    except mending.NothingMissingError as problem:
        return errors.refused(
            request, status=HTTPStatus.BAD_REQUEST, title="Nothing to fetch", said=str(problem)
        )
    except mending.AskedJustNowError as problem:
        return errors.too_soon(request, str(problem), retry_after=mending.PAUSE)
    wake("fetch")
    return see_other(f"{reverse('status')}#{family.family}")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything but searches (RFC 9309), and are told where all of it stands.

    Of a site for its members they may read nothing.
    """
    if access_settings().reading == "members":
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    # Some take the address of a search for that of all papers, and the first rule for the one that counts.
    rules = ["User-agent: *", "Allow: /papers/", *(f"Disallow: {place}" for place in KEPT_FROM_ROBOTS)]
    text = "\n".join([*rules, "", f"Sitemap: {whole(request, '/sitemap.xml')}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """What there is for programs that read, in the form of https://llmstxt.org."""
    text = get_template("llms.txt").render({"here": whole(request), "has_dumps": source_settings().dump})
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Some programs ask for the icon where icons used to be."""
    del request
    return redirect(assets.address("icon.svg"))
