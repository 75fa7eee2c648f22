"""Mail without an account: asked for on a page, and confirmed, managed and ended by links in mails.

What a link does is done by a button on its page, since programs that look through mail for harm open each
link in it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.limits import client_of, networks
from broadsheet.accounts.mail import why_no_mail
from broadsheet.accounts.models import Person
from broadsheet.accounts.settings import access_settings
from broadsheet.digests import bundling, confirming, links, subscribing
from broadsheet.digests.confirming import AddressError, NothingToConfirmError
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Confirmation, Recipient
from broadsheet.digests.wishes import WishError, from_json
from broadsheet.http.keeping import Arguments, View
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed, to_sign_in
from broadsheet.web.managing import acted, managed
from broadsheet.web.templating import page
from broadsheet.web.wishing import choices, wish_in, words

METHODS = ["GET", "HEAD", "POST"]
# Of a page whose address is a secret, other pages are told the site alone.
SITE_ALONE = "strict-origin"


def by_link(view: View[Arguments]) -> View[Arguments]:
    """Keep the address of the page, which is a secret, from whoever a browser would tell it."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = SITE_ALONE
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(answer)


@never_cache
@require_http_methods(METHODS)
@as_allowed
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for mail to an address; whoever has shown an address to be theirs is led to their settings."""
    if why := why_no_mail():
        return page(request, "no_mail.html", said=why)
    person = viewer_of(request).person
    if person and request.method != "POST" and subscribing.verified_address(person):
        return redirect(f"{reverse('mail')}?{request.GET.urlencode()}".removesuffix("?"))
    if access_settings().reading == "members":
        # Nobody else may read; what members read goes to the address that is theirs.
        return redirect("mail") if person else to_sign_in(reverse("mail"))
    return _asked(request) if request.method == "POST" else _asking(request)


def _asked(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        wanted = wish_in(request, viewer_of(request), now=now)
        asks = networks(client_of(request.META))
        confirming.ask(request.POST.get("address", ""), wanted, asks=asks, now=now)
    except (AddressError, WishError) as problem:
        return _asking(request, said=str(problem))
    return see_other(reverse("asked_for_mail"))


def _asking(request: HttpRequest, *, said: str = "") -> HttpResponse:
    return page(
        request,
        "subscribe.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        said=said,
        address=request.POST.get("address", "")[:300],
        **choices(request, viewer_of(request), now=timezone.now()),
    )


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What comes next: the same for every address."""
    return page(request, "asked_for_mail.html", hours=int(confirming.GOOD_FOR.total_seconds()) // 3600)


@by_link
@require_http_methods(METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was asked for; the button confirms it, and leads to where it is managed."""
    now = timezone.now()
    try:
        if request.method != "POST":
            return _to_confirm(request, confirming.waiting(token, now=now))
        recipient = confirming.confirm(token, network=_network(request), now=now)
    except (NothingToConfirmError, WishError) as problem:
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="Nothing to confirm", said=str(problem)
        )
    return see_other(reverse("manage", args=[links.token(Purpose.MANAGE, recipient)]))


def _to_confirm(request: HttpRequest, waits: Confirmation) -> HttpResponse:
    wanted = from_json(waits.wanted)
    return page(
        request,
        "confirm.html",
        is_secret=True,
        address=subscribing.shown_address(waits.address),
        topics=subscribing.of_keys(wanted.topics),
        times=words(wanted),
    )


@by_link
@require_http_methods(METHODS)
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """All that a recipient may see and change, for whoever has the link."""
    recipient = links.recipient_of(Purpose.MANAGE, token)
    if recipient is None:
        said = "This link is good no more. The last mail you got has one that is, if any mail comes to you."
        return errors.refused(request, status=HTTPStatus.NOT_FOUND, title="No such link", said=said)
    shown = {"is_secret": True, "address": subscribing.shown_address(recipient.address)}

    def leads_to(changed: Recipient) -> str:
        return reverse("manage", args=[links.token(Purpose.MANAGE, changed)])

    return _managed(request, recipient, leads_to, shown, recipient.person)


@never_cache
@require_http_methods(METHODS)
@as_allowed
def mail(request: HttpRequest) -> HttpResponse:
    """The same for a person with an account, at the address that they have shown to be theirs."""
    now = timezone.now()
    person = access.check(viewer_of(request), "read", now=now)
    address = subscribing.verified_address(person)
    if why := why_no_mail():
        return page(request, "no_mail.html", said=why)
    if not address:
        said = "Your account has no mail address that you have shown to be yours."
        return page(request, "no_mail.html", said=said)
    recipient = subscribing.claim(person) if request.method == "POST" else subscribing.of_person(person)
    if request.method == "POST" and (recipient is None or recipient.key is None):
        recipient = subscribing.begin(address, network=_network(request), now=now)
    return _managed(request, recipient, lambda _: reverse("mail"), {"address": address}, person)


def _network(request: HttpRequest) -> str:
    """From where somebody said that mail may come."""
    return networks(client_of(request.META))[0][0]


def _managed(
    request: HttpRequest,
    recipient: Recipient | None,
    leads_to: Callable[[Recipient], str],
    shown: Mapping[str, Any],
    person: Person | None,
) -> HttpResponse:
    """Do what the form says, and show how it is then."""
    said = ""
    if request.method == "POST" and recipient:
        try:
            done = acted(request, recipient, now=timezone.now())
        except WishError as problem:
            said = str(problem)
        else:
            return done or see_other(leads_to(recipient))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK
    return page(
        request,
        "manage.html",
        status=status,
        said=said,
        **shown,
        **managed(request, recipient, Viewer(person=person), timezone.now()),
    )


@by_link
@require_http_methods(METHODS)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End papers or notices by mail, by POST, whatever is sent with it (RFC 8058); else show a button for it.

    It says the same whether or not there is such a recipient, or was.
    """
    if request.method != "POST":
        return page(request, "unsubscribe.html", is_secret=True)
    if recipient := links.recipient_of(Purpose.UNSUBSCRIBE, token):
        subscribing.leave(recipient)
    elif recipient := links.recipient_of(Purpose.NOTICES, token):
        bundling.stop(recipient)
    return page(request, "unsubscribed.html", is_secret=True)
