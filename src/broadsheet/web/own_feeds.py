"""Lists as feeds at secret addresses of a reader's own: without what that reader leaves out."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.daily import own_feeds
from broadsheet.daily.entries import UnknownListError
from broadsheet.daily.list_names import from_json
from broadsheet.http.addresses import whole
from broadsheet.http.posting import SAFE_METHODS, see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.search.word_index.lexical import WordIndexError
from broadsheet.web import feeds, notices
from broadsheet.web.acting import as_allowed
from broadsheet.web.feed_formats import FORMS, Form
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.listing import list_page
from broadsheet.web.naming import list_at
from broadsheet.web.templating import page

PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@never_cache
@as_allowed
def of_reader(request: HttpRequest) -> HttpResponse:
    """The reader's feeds. By POST make one of the list whose page has the address `of`, and show its
    addresses this once.
    """
    viewer, made, said = viewer_of(request), None, ""
    if request.method in SAFE_METHODS:
        if viewer.person is None:
            return redirect_to_login(request.get_full_path())
    else:
        try:
            made = own_feeds.make(viewer, list_at(request.POST.get("of", "")), now=timezone.now())
        except Http404:
            said = "That is not the address of a list of this site. Copy it from the page of the list."
        except (own_feeds.OwnFeedError, WordIndexError) as problem:
            said = str(problem)
    return page(
        request,
        "own_feeds.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        said=said,
        of="" if made else request.POST.get("of") or request.GET.get("of", ""),
        name=made[0].name if made else "",
        addresses=_addresses(request, made[1]) if made else [],
        mine=[(one, list_page(from_json(one.wanted))) for one in own_feeds.mine(viewer)],
    )


def _addresses(request: HttpRequest, secret: str) -> list[str]:
    return [whole(request, reverse("own_feed", args=[secret, form])) for form in FORMS]


@never_cache
@only_posted
@as_allowed
def end(request: HttpRequest) -> HttpResponse:
    """Let the address of a feed of the reader's lead nowhere."""
    try:
        own_feeds.end(viewer_of(request), key_in(request.POST.get("feed", "")), now=timezone.now())
    except own_feeds.NoFeedError as problem:
        raise Http404(str(problem)) from None
    return see_other(reverse("own_feeds"))


@never_cache
@require_safe
def feed(request: HttpRequest, secret: str, form: Form) -> HttpResponse:
    """The list of whoever made the feed with that address, or their notices."""
    own = own_feeds.find(secret)
    if own is None and form == "atom":
        return notices.feed(request, secret)
    if own is None:
        raise Http404("This feed has ended, or its address is another one by now.")
    try:
        found = own_feeds.read(own, limit=feeds.ITEMS, now=timezone.now())
    except UnknownListError as problem:
        raise Http404(str(problem)) from None
    content = feeds.written(request, found, form, address=request.path)
    return HttpResponse(content, content_type=FORMS[form].content_type, headers=PRIVATE)
