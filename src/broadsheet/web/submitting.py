"""The page on which readers submit papers, and see what became of them."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.settings import limits
from broadsheet.community import submitting
from broadsheet.community.settings import submission_days
from broadsheet.http.having_fetched import wake_for
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.templating import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@as_allowed
def submit(request: HttpRequest) -> HttpResponse:
    """The rules, the form, and the reader's own submissions; a stranger sees the rules and the way in."""
    if request.method != "POST":
        return _page(request)
    text = request.POST.get("paper", "")
    try:
        made = submitting.submit(viewer_of(request), text, now=timezone.now())
    except submitting.NoSubmissionError as problem:
        return _page(request, text=text, said=str(problem))
    wake_for(made)
    return see_other(f"{reverse('submit')}#submission-{made.pk}")


@never_cache
@only_posted
@as_allowed
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a submission of one's own back; another's is not there."""
    try:
        key = key_in(request.POST.get("submission", ""))
        submitting.withdraw(viewer_of(request), key, now=timezone.now())
    except submitting.NoSuchSubmissionError as problem:
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="No such submission", said=str(problem)
        )
    return see_other(reverse("submit"))


def _page(request: HttpRequest, *, text: str = "", said: str = "") -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    return page(
        request,
        "submit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        person=viewer.person,
        text=text[:300],
        said=said,
        days=submission_days(),
        limits=[one.words(submitting.LIMIT) for one in limits().get(submitting.LIMIT, ())],
        left=submitting.left_today(viewer.person, now=now) if viewer.person else None,
        mine=submitting.mine(viewer),
    )
