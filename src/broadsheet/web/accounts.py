"""What is a reader's own: the way in by a link, the settings, invitations and tokens."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmEmailVerificationCodeView
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts import access, handles, joining, owner, signing_up, tokens
from broadsheet.accounts.forms import CodeOfSignUp
from broadsheet.accounts.mail import why_no_mail
from broadsheet.accounts.models import NAME_LENGTH, Person
from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.community import bundling
from broadsheet.community.models import Every
from broadsheet.configured import instance
from broadsheet.daily import follows
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.papers.text import unpiled, visible
from broadsheet.web import errors
from broadsheet.web.forms import only_posted
from broadsheet.web.templating import page

ACCOUNTS = "/accounts/"
# What works without mail where there is one reader.
SIGN_OUT = "/accounts/logout/"
# What only a mail can answer.
BY_MAIL = tuple(
    f"/accounts/{name}/" for name in ("signup", "login/code", "password/reset", "email", "confirm-email")
)


@never_cache
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Let in who has the link that was printed; it works once, as its file in the data folder does."""
    if request.method == "GET" and owner.use_link_token(instance().data, token):
        get_adapter().login(request, owner.owner(now=timezone.now()))
        return redirect("front")
    said = "This link was used already, or a new one took its place. Print one with: broadsheet open"
    return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No way in", said=said)


@never_cache
@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the invitation for the form that makes an account."""
    if access_mode() == SINGLE:
        return page(request, "way_in.html")
    if joining.invitation(code, now=timezone.now()) is None:
        said = "This invitation was used already, or its time is over. Ask for a new one."
        return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No way in", said=said)
    request.session[joining.INVITATION] = code
    return redirect("account_signup")


@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """What a person may set about themselves, and the programs that act for them."""
    person = viewer_of(request).person
    if person is None:
        return redirect_to_login(request.path)
    said = ""
    if request.method == "POST":
        try:
            access.check(viewer_of(request), "profile", now=timezone.now())
        except access.NotAllowedError as problem:
            return errors.refused(
                request, status=HTTPStatus.FORBIDDEN, title="Not for you", said=str(problem)
            )
        said = _changed(request, person)
    if request.method == "POST" and not said:
        return see_other(reverse("settings"))
    return page(
        request,
        "settings.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        person=person,
        said=said,
        is_single=access_mode() == SINGLE,
        may_invite=access.may(viewer_of(request), "invite", now=timezone.now()),
        tokens=person.tokens.filter(revoked_at=None).order_by("-pk"),
        scopes=access.SCOPES,
        followed=follows.mine(viewer_of(request)),
        often=Every.choices if person.email and not why_no_mail() else (),
        every=bundling.every(person),
    )


def _changed(request: HttpRequest, person: Person) -> str:
    """Change what the form says. What is wrong with it, in a sentence; empty where nothing is."""
    name = unpiled(" ".join(request.POST.get("name", "").split()))
    if len(name) > NAME_LENGTH or not name.isprintable():
        return f"A name has at most {NAME_LENGTH} signs, all of them such as can be seen."
    try:
        if (handle := request.POST.get("handle", "").strip()) and handle != person.handle:
            handles.choose(person, handle)
    except handles.HandleError as problem:
        return str(problem)
    Person.objects.filter(pk=person.pk).update(
        name=name, votes_private="votes_public" not in request.POST, uses_keys="keys" in request.POST
    )
    if (every := request.POST.get("notices")) in Every.values:
        bundling.choose(person, every)
    return ""


@never_cache
@only_posted
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token, and show it this once."""
    viewer, now = viewer_of(request), timezone.now()
    try:
        person = access.check(viewer, "save", now=now)
        made, text = tokens.make(
            person,
            name=unpiled(visible(request.POST.get("name", ""))),
            scopes=request.POST.getlist("scope"),
            days=_days(request.POST.get("days", "")),
            is_agent="agent" in request.POST,
            publishes="publishes" in request.POST,
            now=now,
        )
    except access.NobodyError:
        return redirect("account_login")
    except (access.NotAllowedError, tokens.TokenError) as problem:
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="No token", said=str(problem))
    return page(request, "token.html", token=made, text=text)


def _days(said: str) -> int | None:
    """The number of days that a form says, None for none. Raises TokenError."""
    if not said.strip():
        return None
    if not re.fullmatch(r"[0-9]{1,5}", said.strip()):
        raise tokens.TokenError("Give the days as a number, or none.")
    return int(said)


@never_cache
@only_posted
def revoke_token(request: HttpRequest) -> HttpResponse:
    """End a token of one's own; another's is not there."""
    person, key = viewer_of(request).person, request.POST.get("token", "")
    if person is None:
        return redirect("account_login")
    if not tokens.revoke(person, key, now=timezone.now()):
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="No such token", said="You have no such token."
        )
    return see_other(reverse("settings"))


class Confirm(ConfirmEmailVerificationCodeView):  # type: ignore[misc]  # allauth has no types
    """Takes the code that proves an address: of an account, or of whoever asked for one."""

    def _get_verify_form_class(self) -> Any:
        asked = signing_up.SIGN_UP in self._process.state
        return CodeOfSignUp if asked else super()._get_verify_form_class()

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        """What the page shows. Whoever asked for an account goes back to where one signs in."""
        found: dict[str, Any] = super().get_context_data(**said)
        if signing_up.SIGN_UP in self._process.state:
            found["cancel_url"] = reverse("account_login")
        return found

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        if signing_up.SIGN_UP not in self._process.state:
            changed: HttpResponse = super()._verify_form_valid(form)
            return changed
        try:
            return signing_up.come_in(self.request, self._process, now=timezone.now())
        except joining.NotInvitedError:
            self._process.abort()
            return redirect("account_signup")


confirm = Confirm.as_view()


def closed(request: HttpRequest) -> HttpResponse | None:
    """The page that says why an address of accounts is of no use on this site; None where it is of use."""
    path = request.path_info
    if not path.startswith(ACCOUNTS) or path == SIGN_OUT:
        return None
    if access_mode() == SINGLE:
        return page(request, "way_in.html")
    if path.startswith(BY_MAIL) and (why := why_no_mail()):
        return errors.refused(request, status=HTTPStatus.FORBIDDEN, title="Not by mail", said=why)
    return None
