"""Invitations: made by whoever may, seen with who came by them, and taken back while nobody used them."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.accounts import access, joining
from broadsheet.accounts.models import Person
from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.http.addresses import whole
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.templating import page

SHOWN = 100


@never_cache
@as_allowed
def invitations(request: HttpRequest) -> HttpResponse:
    """The invitations of the reader; a new one is shown this once."""
    now = timezone.now()
    person = access.check(viewer_of(request), "invite", now=now)
    if access_mode() == SINGLE:
        return page(request, "way_in.html")
    link, said = _made(request, person) if request.method == "POST" else ("", "")
    return page(
        request,
        "invitations.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        link=link,
        said=said,
        invitations=joining.invitations(person)[:SHOWN],
        now=now,
        rule=joining.rule(),
    )


def _made(request: HttpRequest, person: Person) -> tuple[str, str]:
    """The link of a new invitation, or what is wrong with the address that it is for."""
    try:
        code = joining.invite(person, email=request.POST.get("email", ""), now=timezone.now())
    except joining.InvitationError as problem:
        return "", str(problem)
    return whole(request, reverse("join", args=[code])), ""


@never_cache
@only_posted
@as_allowed
def take_back(request: HttpRequest) -> HttpResponse:
    """End an invitation of one's own that nobody used; another's is not there."""
    person = access.check(viewer_of(request), "invite", now=timezone.now())
    try:
        joining.take_back(person, key_in(request.POST.get("invitation", "")))
    except joining.NoSuchInvitationError as problem:
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="No such invitation", said=str(problem)
        )
    return see_other(reverse("invitations"))
