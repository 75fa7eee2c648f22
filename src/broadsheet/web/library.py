"""A reader's own library: its page, what is done with all of its papers at once, and its tags.

All of it is made for the one who asks and kept by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.community import voting
from broadsheet.daily import changing, topics
from broadsheet.daily.entries import UNCOUNTED, Entries, ListName, Part, UnknownListError
from broadsheet.daily.kinds.library import HIDDEN, LIBRARY, NEWEST, SAVED, VOTED
from broadsheet.daily.kinds.search import RELEVANCE
from broadsheet.daily.list_names import from_json
from broadsheet.http.holes import filled
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.http.posting import SAFE_METHODS, see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.library import own, tagging, undoing
from broadsheet.library.models import TAG_LENGTH
from broadsheet.library.saving import SavingError
from broadsheet.library.tagging import NoTagError, TaggingError
from broadsheet.papers import reading
from broadsheet.search.query import fields
from broadsheet.search.query.conditions import Term
from broadsheet.search.query.language import Part as Asked
from broadsheet.search.query.language import Query, parse
from broadsheet.search.word_index.lexical import WordIndexError
from broadsheet.web import counts, errors, shelved
from broadsheet.web.acting import as_allowed
from broadsheet.web.forms import only_posted
from broadsheet.web.listing import list_page, read_or_404
from broadsheet.web.narrowing import Choice
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page
from broadsheet.web.viewing import choose_for, in_view

# The states that a reader sets, and what else of theirs the page shows.
STATES = {str(state): words for state, words in shelved.STATES.items()} | {VOTED: "Voted", HIDDEN: "Hidden"}
ORDERS = {SAVED: "Last saved", RELEVANCE: "Best first", NEWEST: "Newest first"}
# So many tags stand beside the papers: the others have a page.
TAGS_SHOWN = 40


@never_cache
@require_safe
@as_allowed
def library(request: HttpRequest) -> HttpResponse:
    """What the reader keeps, as far as `?q=` asks for it, in the order of `?sort=`."""
    viewer = viewer_of(request)
    access.check(viewer, "read", now=timezone.now())
    choose_for(request)
    query, sort = " ".join(request.GET.get("q", "").split()), request.GET.get("sort", "")
    number, size = requested_page(request), page_settings().page_size
    wanted = ListName(LIBRARY, query, sort)
    found = read_or_404(wanted, Part(size, (number - 1) * size, is_told=True), viewer)
    asked = parse(query, own=True)
    response = page(
        request,
        "library.html",
        query=query,
        sort=sort,
        here=list_page(wanted),
        found=found,
        notes=found.said.notes if found.said else asked.notes,
        papers=reading.rows(found.pks, counted=False),
        mine=own.details(viewer.pk or 0, found.pks),
        pages=pages_or_404(number, size=size, total=found.total),
        view=in_view(request, found.total),
        undoes=undoing.last(viewer),
        states=STATES,
        longest_tag=TAG_LENGTH,
        **_offers(viewer, asked, found, sort),
    )
    response.content = filled(response.content, counts.of_papers, viewer)
    return response


def _offers(viewer: Viewer, asked: Query, found: Entries, sort: str) -> dict[str, Any]:
    """Where the page leads: the states as tabs, the tags, what is asked for, orders, saved filters."""
    tags = tagging.mine(viewer)
    return {
        "tabs": _tabs(viewer, asked, sort),
        "tags": _tags(asked, sort, sorted(tags, key=lambda tag: (-tag.papers, tag.name))[:TAGS_SHOWN]),
        "all_tags": tags,
        "conditions": [
            Choice(part.typed, _address(asked.without(part).typed, sort), chosen=True)
            for part in asked.parts
            if part.condition and not _is_state(part)
        ],
        "orders": _orders(asked, sort) if found.total not in {0, UNCOUNTED} else [],
        "filters": _filters(viewer),
    }


def _tabs(viewer: Viewer, asked: Query, sort: str) -> list[Choice]:
    pk, chosen = viewer.pk or 0, {part.typed for part in asked.parts if _is_state(part)}
    counts = own.states(pk)
    many = {"": sum(counts.values()), VOTED: voting.of(viewer).count(), HIDDEN: own.how_many_hidden(pk)}
    rest = Query(tuple(part for part in asked.parts if not _is_state(part)))
    tabs = [Choice("All", _address(rest.typed, sort), not chosen, many[""])]
    for state, label in STATES.items():
        typed = f"state:{state}"
        query = f"{typed} {rest.typed}".strip()
        tabs.append(Choice(label, _address(query, sort), typed in chosen, (counts | many).get(state, 0)))
    return tabs


def _tags(asked: Query, sort: str, tags: Sequence[tagging.TagCount]) -> list[Choice]:
    """The tags as links: to what has this one, too, or of one that is asked for, back to what need not."""
    choices = []
    for tag in tags:
        typed = fields.write(Term("tag", tag.name))
        known = next((part for part in asked.parts if part.typed == typed), None)
        query = asked.without(known).typed if known else f"{asked.typed} {typed}".strip()
        choices.append(Choice(tag.name, _address(query, sort), known is not None, tag.papers))
    return choices


def _orders(asked: Query, sort: str) -> list[Choice]:
    first = RELEVANCE if asked.text else SAVED
    names = [name for name in ORDERS if name != RELEVANCE or asked.text]
    return [
        Choice(ORDERS[name], _address(asked.typed, "" if name == first else name), name == (sort or first))
        for name in names
    ]


def _filters(viewer: Viewer) -> list[Choice]:
    """The filters that the reader saved as topics, each with how many papers came to it."""
    saved = [(one, from_json(one.wanted)) for one in topics.mine(viewer).order_by("name")]
    return [
        Choice(one.name, reverse("topic", args=[one.slug]), chosen=False, count=one.last)
        for one, wanted in saved
        if wanted.kind == LIBRARY
    ]


def _is_state(part: Asked) -> bool:
    return isinstance(part.condition, Term) and part.condition.field == "state"


def _address(query: str, sort: str) -> str:
    return list_page(ListName(LIBRARY, query, sort))


@never_cache
@only_posted
@as_allowed
def change(request: HttpRequest) -> HttpResponse:
    """Do what the form says with all papers that a query finds, and show them again."""
    given = request.POST
    query, sort, does, tag = (given.get(name, "") for name in ("q", "sort", "do", "tag"))
    wanted = changing.Wanted(
        state=given.get("state", "") if does == "state" else "",
        tags=[tag] if does == "tag" else (),
        untags=[tag] if does == "untag" else (),
        is_ended=does == "end",
        is_shown=does == "show",
    )
    try:
        changing.change(viewer_of(request), query, wanted, order=sort, now=timezone.now())
    except UnknownListError as problem:
        raise Http404(str(problem)) from None
    except (changing.NothingToDoError, SavingError, TaggingError, WordIndexError) as problem:
        return errors.refused(
            request, status=HTTPStatus.UNPROCESSABLE_ENTITY, title="Not done", said=str(problem)
        )
    return see_other(list_page(ListName(LIBRARY, query, sort)))


@never_cache
@as_allowed
def tags(request: HttpRequest) -> HttpResponse:
    """The reader's tags. By POST rename one, which joins it with another of that name, or delete it."""
    viewer, now, said = viewer_of(request), timezone.now(), ""
    access.check(viewer, "read", now=now)
    if request.method not in SAFE_METHODS:
        try:
            _change_tag(request, viewer)
        except NoTagError as problem:
            raise Http404(str(problem)) from None
        except TaggingError as problem:
            said = str(problem)
        else:
            return see_other(reverse("library_tags"))
    return page(
        request,
        "library_tags.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK,
        said=said,
        tags=_tags(Query(), "", tagging.mine(viewer)),
        longest_tag=TAG_LENGTH,
    )


def _change_tag(request: HttpRequest, viewer: Viewer) -> None:
    name, now = request.POST.get("tag", ""), timezone.now()
    if request.POST.get("do") == "delete":
        tagging.delete(viewer, name, now=now)
    else:
        tagging.rename(viewer, name, request.POST.get("to", ""), now=now)
