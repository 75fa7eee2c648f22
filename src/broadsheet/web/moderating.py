"""Pages of moderation: the reports, the decisions, and the log that everybody may read."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts import access
from broadsheet.accounts.access import NotAllowedError
from broadsheet.community import attributing, cases, deeds, moderating
from broadsheet.community import overlaps as together
from broadsheet.community.deeds import ReasonError
from broadsheet.community.moderating import ModerationError
from broadsheet.community.reporting import NothingThereError
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.papers import find_or_404
from broadsheet.web.templating import page

LOG_PAGE = 50
MOST_DAYS = 36_500
# What the log says of each deed; of what another room does, its verb and kind.
WORDS = {
    "hide": "A comment was hidden",
    "restore": "A comment was shown again",
    deeds.WITHHOLD: "A topic was made private",
    "release": "A topic was shown again",
    "lock": "A thread was closed for answers",
    "unlock": "A thread was opened again",
    "suspend": "An account was suspended",
    "lift": "A suspension was lifted",
    "dismiss": "Reports were dismissed",
    "reopen": "Dismissed reports were opened again",
    "uphold": "Reports were upheld",
    "reconsider": "Upheld reports were opened again",
    "redact": "The reason of a deed was hidden",
    "reveal": "The reason of a deed was shown again",
    "promote": "A role was given",
    "accept": "A submission was accepted",
    "schedule": "A submission was scheduled",
    "decline": "A submission was declined",
    "take back": "A decision about a submission was taken back",
    attributing.MERGE: "Two pages of names were merged",
    attributing.SPLIT: "Papers were split off a page of a name",
    attributing.ALIAS: "A page of a name got another name",
    attributing.SHOW: "The name that a page shows was chosen",
    attributing.TAKE_BACK: "A decision about names was taken back",
    cases.LOOK: "A moderator looked at who votes together",
}


@never_cache
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """The open reports and the last deeds, for moderators; to everybody else there is no such page."""
    _moderator_or_404(request)
    now = timezone.now()
    return page(
        request,
        "moderation.html",
        cases=cases.waiting(),
        suspended=cases.suspended(now=now),
        lines=cases.lines(0, LOG_PAGE),
        words=words,
        bursts=cases.named(together.bursts(now=now)),
    )


@never_cache
@only_posted
def overlaps(request: HttpRequest) -> HttpResponse:
    """Who of the voters for a paper vote together; each look is written down, so GET reads nothing."""
    _moderator_or_404(request)
    paper, public_id = find_or_404(request.POST.get("paper", "").strip())
    try:
        found = together.look(
            viewer_of(request), paper, reason=request.POST.get("reason", ""), now=timezone.now()
        )
    except ReasonError as problem:
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not shown", said=str(problem))
    return page(request, "overlaps.html", found=found, public_id=public_id)


@never_cache
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What moderators and rules of the house did, and why: for everybody."""
    pages = pages_or_404(requested_page(request), size=LOG_PAGE, total=cases.count())
    lines = cases.lines(pages.first_place - 1, LOG_PAGE)
    return page(request, "moderation_log.html", lines=lines, pages=pages, words=words)


@never_cache
@only_posted
def act(request: HttpRequest) -> HttpResponse:
    """Do to a thing what the form says."""
    _moderator_or_404(request)
    now, form = timezone.now(), request.POST
    try:
        moderating.act(
            viewer_of(request),
            form.get("verb", ""),
            form.get("kind", ""),
            key_in(form.get("target", "")),
            reason=form.get("reason", ""),
            note=form.get("note", ""),
            until=_until(form.get("days", ""), now=now),
            now=now,
        )
    except (NotAllowedError, ModerationError, ReasonError) as problem:
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not done", said=str(problem))
    except NothingThereError as problem:
        raise Http404(str(problem)) from problem
    return see_other(reverse("moderation"))


@never_cache
@only_posted
def undo(request: HttpRequest) -> HttpResponse:
    """Undo a deed."""
    _moderator_or_404(request)
    form = request.POST
    try:
        moderating.undo(
            viewer_of(request),
            key_in(form.get("deed", "")),
            reason=form.get("reason", ""),
            now=timezone.now(),
        )
    except (NotAllowedError, ModerationError, ReasonError) as problem:
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not undone", said=str(problem))
    except NothingThereError as problem:
        raise Http404(str(problem)) from problem
    return see_other(reverse("moderation"))


def words(line: cases.Line) -> str:
    """What the log says that was done."""
    return WORDS.get(line.verb, f"{line.verb.capitalize()} ({line.kind})")


def _moderator_or_404(request: HttpRequest) -> None:
    if not access.may(viewer_of(request), "moderate", now=timezone.now()):
        raise Http404("There is no such page.")


def _until(days: str, *, now: datetime) -> datetime | None:
    """After so many days; None, for good, where the form names none. Raises ModerationError."""
    if not days.strip():
        return None
    if not (days.isascii() and days.isdigit() and 0 < int(days[:6]) <= MOST_DAYS):
        raise ModerationError(f"A suspension lasts 1 to {MOST_DAYS:,} days, or for good where you name none.")
    return now + timedelta(days=int(days[:6]))
