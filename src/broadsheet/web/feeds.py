"""Feeds: every list of the site as Atom, RSS and JSON Feed, and the feeds of all categories as OPML.

A feed holds what its papers say and nothing that is counted, the newest paper first whatever the order of
its page: votes decide at most which papers of a long list it has. That of a topic has them as they came to
it. Taken-back papers are no news, and are left out.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from lxml import etree

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.configured import instance
from broadsheet.daily.entries import Entries, Part
from broadsheet.daily.kinds.topic import TOPIC
from broadsheet.daily.lists import entry_published, entry_updated
from broadsheet.daily.wording import hidden_words
from broadsheet.http.addresses import in_form, whole
from broadsheet.http.keeping import LISTS, kept
from broadsheet.http.paging import requested_number
from broadsheet.http.viewers import viewer_of
from broadsheet.papers import reading, text
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.taxonomy import category_name
from broadsheet.stored_times import past
from broadsheet.web import addresses, errors, templating
from broadsheet.web.categories import by_group
from broadsheet.web.feed_formats import FORMS, Form, begun
from broadsheet.web.listing import for_whom, list_page, read_or_404, since_in
from broadsheet.web.naming import named_list

# The index may learn something new while the catalogue stays as it is.
KEPT_FOR = 60
ITEMS, MOST_ITEMS = 100, 500
# Of a paper by three thousand, a feed names so many and says how many more there are.
AUTHORS = 300
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@require_safe
def feed(request: HttpRequest, kind: str, form: Form, name: str = "") -> HttpResponse:
    """The first `?limit=` papers of a list as a feed; the list of a search is named by `?q=`.

    Another name of the list leads on. Of a topic, `?since=` a number of it leaves what came after that.
    """
    return for_whom(_for_everybody, _for_one, kind, name)(request, kind=kind, form=form, name=name)


def _feed(request: HttpRequest, viewer: Viewer, kind: str, form: Form, name: str) -> HttpResponse:
    limit = requested_number(request, "limit", ITEMS, within=range(1, MOST_ITEMS + 1))
    if limit is None:
        said = f"A feed has 1 to {MOST_ITEMS} papers (limit)."
        return errors.refused(request, status=HTTPStatus.BAD_REQUEST, title="Not that many", said=said)
    since = since_in(request, kind, name)
    found = read_or_404(named_list(request.GET, kind, name), Part(limit=limit, since=since), viewer)
    address = in_form(list_page(found.name), form)
    if limit != ITEMS:
        address += f"{'&' if '?' in address else '?'}limit={limit}"
    if since:
        address += f"{'&' if '?' in address else '?'}since={request.GET['since']}"
    if unquote(urlsplit(address).path) != request.path:
        return HttpResponsePermanentRedirect(address)
    return sent(request, written(request, found, form, address=address), form)


@kept(seconds=LISTS, reads=("limit", "q", "over", "as_of", "since"))
def _for_everybody(request: HttpRequest, /, **named: Any) -> HttpResponse:
    """A feed for everybody is the same for everybody: whoever leaves out anything has feeds of their own."""
    return _feed(request, NOBODY, **named)


def _for_one(request: HttpRequest, **named: Any) -> HttpResponse:
    return _feed(request, viewer_of(request), **named)


def sent(request: HttpRequest, content: str, form: Form) -> HttpResponse:
    """A feed that everybody may read, with when it changed."""
    return HttpResponse(
        content,
        content_type=FORMS[form].content_type,
        headers={"Last-Modified": http_date(_changed(request, content).timestamp())},
    )


@require_safe
@kept(seconds=KEPT_FOR)
def feeds(request: HttpRequest) -> HttpResponse:
    """Which feeds there are."""
    return templating.page(request, "following.html", groups=by_group())


@require_safe
@kept(seconds=KEPT_FOR)
def opml(request: HttpRequest) -> HttpResponse:
    """The feeds of the front page and of all categories in OPML 2.0 (http://opml.org/spec2.opml)."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = text.for_xml(instance().site_name)
    body = etree.SubElement(root, "body")
    _outline(body, request, "The latest papers", addresses.address("front"))
    for group, categories in by_group().items():
        outline = etree.SubElement(body, "outline", text=group)
        for one in categories:
            _outline(outline, request, category_name(one.code), addresses.address("category", one.code))
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return HttpResponse(content, content_type="text/x-opml; charset=utf-8")


def written(request: HttpRequest, found: Entries, form: Form, *, address: str) -> str:
    """The papers of a list as a feed, which says how many its reader does not see."""
    about = f"{found.description} {hidden_words(found.hidden)}" if found.hidden else found.description
    feed = begun(
        form,
        found.title,
        about=about,
        subtitle=about,
        link=whole(request, list_page(found.name)),
        address=whole(request, address),
    )
    details = [detail for detail in reading.details(found.pks) if not detail.row.standing]
    if found.name.kind != TOPIC:
        details.sort(key=lambda one: (entry_published(one), one.row.public_id), reverse=True)
    for detail in details:
        path = addresses.address("paper", detail.row.public_id)
        feed.add_item(
            title=text.for_xml(detail.row.text.title),
            link=whole(request, path),
            description=_content(detail),
            unique_id=_lasting_id(detail),
            unique_id_is_permalink=False,
            pubdate=detail.first_dated_at,
            updateddate=entry_updated(detail),
            categories=[text.for_xml(code) for code in detail.row.categories if code.strip()],
            authors=list(_authors(request, detail)),
        )
    return feed.writeString("utf-8")


def _content(detail: PaperDetail) -> str:
    texts = detail.row.text
    abstract = text.for_xml(texts.abstract) or "None of our sources has the abstract."
    point = text.for_xml(texts.point.text) if texts.point and texts.point.is_said else ""
    # Readers show the beginning of an item in their lists.
    first = f"<p><strong>{escape(point)}</strong></p>" if point and point != abstract else ""
    by = "<p><em>Summary by Broadsheet</em></p>" if detail.row.is_summary else ""
    return f"{by}{first}<p>{escape(abstract)}</p>"


def _authors(request: HttpRequest, detail: PaperDetail) -> Iterable[tuple[str, str]]:
    authors = detail.row.authors
    for author in authors[:AUTHORS]:
        yield text.for_xml(author.name), whole(request, addresses.address("author", author.slug))
    if len(authors) > AUTHORS:
        yield f"and {len(authors) - AUTHORS:,} more", ""


def _lasting_id(detail: PaperDetail) -> str:
    """A name (RFC 9562) that outlives a paper's public id and the host of the site, and that no other
    catalogue gives: made of what never changes, also where another paper becomes part of this one.
    """
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{detail.row.pk} {detail.added_at.isoformat()}").urn


def _changed(request: HttpRequest, content: str) -> datetime:
    """When we first saw the feed as it is now, in whole seconds: never before it was so.

    The dates of its papers would not do: a paper of last year may be listed today.
    """
    key, digest = (
        hashlib.blake2b(one.encode(), digest_size=16).hexdigest()
        for one in (request.build_absolute_uri(), content)
    )
    now = timezone.now().replace(microsecond=0)
    last: datetime
    before, last = caches["memory"].get(f"feed:{key}", ("", now - SECOND))
    if before != digest:
        # Two states in one second must not have the same date; what lies further ahead is a clock's mistake.
        last = max(now, (past(last, now=now + MINUTE) or now - SECOND) + SECOND)
        caches["memory"].set(f"feed:{key}", (digest, last), None)
    return last


def _outline(parent: etree._Element, request: HttpRequest, name: str, path: str) -> None:
    etree.SubElement(
        parent,
        "outline",
        type="rss",
        text=text.for_xml(name),
        xmlUrl=whole(request, in_form(path, "rss")),
        htmlUrl=whole(request, path),
    )
