"""What happened that concerns the reader: a page, and a feed at a secret address of theirs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from markupsafe import escape

from broadsheet.accounts import access
from broadsheet.accounts.access import NotAllowedError, Viewer
from broadsheet.community import notices, sight
from broadsheet.community.models import Notice
from broadsheet.community.shown_notices import shown
from broadsheet.http.addresses import whole
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import text
from broadsheet.web.addresses import address
from broadsheet.web.feed_formats import FORMS, begun
from broadsheet.web.forms import key_in, only_posted
from broadsheet.web.templating import page

SHOWN = 100


@never_cache
@require_safe
def of_reader(request: HttpRequest) -> HttpResponse:
    """The reader's notices, those that they have not read first."""
    viewer = viewer_of(request)
    if viewer.person is None:
        return redirect_to_login(request.path)
    rows = [
        *notices.of(viewer).filter(read_at=None)[:SHOWN],
        *notices.of(viewer).exclude(read_at=None)[:SHOWN],
    ]
    return _shown(request, viewer, rows)


@never_cache
@only_posted
def read(request: HttpRequest) -> HttpResponse:
    """All that was on the page is read."""
    notices.read(viewer_of(request), until=key_in(request.POST.get("until", "")), now=timezone.now())
    return see_other(reverse("notices"))


@never_cache
@only_posted
def mute(request: HttpRequest) -> HttpResponse:
    """Tell the reader no more of a thread, or of a kind of notices, or tell them again."""
    viewer, ends = viewer_of(request), request.POST.get("stands") == "no"
    if kind := request.POST.get("kind", ""):
        (notices.unmute_kind if ends else notices.mute_kind)(viewer, kind)
    else:
        (notices.unmute if ends else notices.mute)(viewer, key_in(request.POST.get("thread", "")))
    return see_other(reverse("notices"))


@never_cache
@only_posted
def make_feed(request: HttpRequest) -> HttpResponse:
    """Give the reader's feed a new address and show it this once, or end it."""
    viewer, now = viewer_of(request), timezone.now()
    try:
        person = access.check(viewer, "read", now=now)
    except NotAllowedError:
        return redirect_to_login(reverse("notices"))
    if request.POST.get("stands") == "no":
        notices.end_feed(person)
        return see_other(reverse("notices"))
    secret = notices.make_feed(person, now=now)
    feed = whole(request, reverse("notice_feed", args=[secret]))
    return _shown(request, viewer, [*notices.of(viewer)[:SHOWN]], feed=feed)


@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The notices of the person whose feed has that address. To read it marks nothing as read."""
    person = notices.reader_of(secret)
    if person is None:
        raise Http404("This feed has ended, or its address is another one by now.")
    viewer = Viewer(person=person, scopes=frozenset({"read"}))
    here, link = whole(request, request.path), whole(request, reverse("notices"))
    written = begun("atom", "notices", about="", link=link, address=here)
    for one in shown([*notices.of(viewer)[:SHOWN]], viewer):
        said = f"{one.said} “{one.paper}”" if one.paper else one.said
        written.add_item(
            title=text.for_xml(said),
            link=whole(request, one.place),
            description=text.for_xml(str(escape(said))),
            unique_id=uuid.uuid5(uuid.NAMESPACE_OID, f"notice {one.pk} {one.at.isoformat()}").urn,
            unique_id_is_permalink=False,
            pubdate=one.at,
            updateddate=one.at,
            categories=[],
            authors=[],
        )
    return HttpResponse(
        written.writeString("utf-8"),
        content_type=FORMS["atom"].content_type,
        headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"},
    )


def _shown(request: HttpRequest, viewer: Viewer, rows: Sequence[Notice], feed: str = "") -> HttpResponse:
    return page(
        request,
        "notices.html",
        status=HTTPStatus.OK,
        notices=shown(rows, viewer),
        until=max((row.pk for row in rows), default=0),
        is_unread=any(row.read_at is None for row in rows),
        muted=_threads(notices.muted(viewer), viewer),
        hears_of_followed=notices.FOLLOWED not in notices.muted_kinds(viewer),
        feed=feed,
        has_feed=notices.has_feed(viewer),
    )


def _threads(roots: set[int], viewer: Viewer) -> list[tuple[int, str, str]]:
    """The threads that are muted: their first comment, paper, and where they are."""
    found = sight.readable(viewer).filter(pk__in=roots).select_related("paper").order_by("pk")
    return [
        (
            comment.pk,
            text.plain(comment.paper.title),
            f"{address('discussion', comment.paper.public_id)}/{comment.pk}",
        )
        for comment in found
    ]
