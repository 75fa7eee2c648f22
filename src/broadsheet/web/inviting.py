"""Invitations: made by whoever may, seen with who came by them, and taken back while nobody used them."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from broadsheet.accounts import access, joining
from broadsheet.accounts.models import EMAIL_LENGTH, Invitation, Person
from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.http.addresses import whole
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import only_posted
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
        invitations=Invitation.objects.filter(inviter=person)
        .select_related("used_by")
        .order_by("-pk")[:SHOWN],
        now=now,
        rule=joining.rule(),
    )


def _made(request: HttpRequest, person: Person) -> tuple[str, str]:
    """The link of a new invitation, or what is wrong with the address that it is for."""
    email = request.POST.get("email", "").strip().lower()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return "", f"“{email[:EMAIL_LENGTH]}” is no mail address."
    if len(email) > EMAIL_LENGTH:
        return "", f"An address has at most {EMAIL_LENGTH} characters."
    code = joining.invite(person, email=email, now=timezone.now())
    return whole(request, reverse("join", args=[code])), ""


@never_cache
@only_posted
@as_allowed
def take_back(request: HttpRequest) -> HttpResponse:
    """End an invitation of one's own that nobody used; another's is not there."""
    person = access.check(viewer_of(request), "invite", now=timezone.now())
    if not joining.take_back(person, request.POST.get("invitation", "")):
        said = "You have no such invitation that nobody used yet."
        return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No such invitation", said=said)
    return see_other(reverse("invitations"))
