"""Topics as pages: all of them, each with what came to it, and the forms of whoever saves or follows them.

The page of a topic for everybody is kept. Nothing of any other is kept, and no search engine is to list it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts import access
from broadsheet.accounts.mail import why_no_mail
from broadsheet.daily import topics
from broadsheet.daily.defining import in_words
from broadsheet.daily.entries import ListName, Part, UnknownListError
from broadsheet.daily.kinds.topic import NUMBER, TOPIC
from broadsheet.daily.list_names import from_json
from broadsheet.daily.models import NAME_LENGTH, Visibility
from broadsheet.daily.topics import TopicError, UnknownTopicError
from broadsheet.http.holes import filled
from broadsheet.http.keeping import LISTS, Arguments, View, kept
from broadsheet.http.paging import pages_or_404, requested_page
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.library.following import NothingToFollowError
from broadsheet.papers import reading
from broadsheet.search.word_index.lexical import WordIndexError
from broadsheet.web import counts, errors, topic_choices
from broadsheet.web.acting import as_allowed, came_from
from broadsheet.web.forms import NO, key_in, only_posted
from broadsheet.web.listing import for_whom, live_page, read_for, since_in
from broadsheet.web.settings import page_settings
from broadsheet.web.templating import page
from broadsheet.web.topic_weeks import weeks
from broadsheet.web.viewing import choose_for, in_view, kept_list

LISTED = 100


@require_safe
@kept(seconds=LISTS, reads=("page",), fill=counts.of_papers)
def all_topics(request: HttpRequest) -> HttpResponse:
    """The topics for everybody, those that most people follow first; a reader's own stand above them."""
    number = requested_page(request)
    rows, total = topics.most_followed(LISTED, (number - 1) * LISTED)
    said = in_words([from_json(one.wanted) for one in rows])
    pages = pages_or_404(number, size=LISTED, total=total)
    return page(request, "topics.html", topics=list(zip(rows, said, strict=True)), pages=pages)


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """What came to a topic; with `?since=` a number of it, what came after that."""
    return for_whom(_kept, _unkept, TOPIC, name)(request, name=name)


def _page(request: HttpRequest, name: str) -> HttpResponse:
    viewer, number, size = viewer_of(request), requested_page(request), page_settings().page_size
    since = since_in(request, TOPIC, name)
    part = Part(size, (number - 1) * size, since=since)
    found = read_for(request, ListName(TOPIC, name), part)
    of = topics.find(viewer, name)
    wanted = from_json(of.wanted)
    return page(
        request,
        "topic.html",
        topic=of,
        is_public=of.visibility == Visibility.PUBLIC,
        since=int(request.GET["since"]) if since else None,
        pages=pages_or_404(number, size=size, total=found.total),
        papers=reading.rows(found.pks),
        came={one.pk: (int(one.reasons[NUMBER]), one.day) for one in found.entries},
        definition=in_words([wanted])[0],
        live=live_page(wanted),
        weeks=weeks(topics.papers_a_day(of), today=timezone.now().date()),
        sends_mail=not why_no_mail(),
        view=in_view(request, found.total),
    )


_kept = kept_list(seconds=LISTS, reads=("page", "since"), shows=topics.state_of)(_page)


def _unkept(request: HttpRequest, name: str) -> HttpResponse:
    choose_for(request)
    response = _page(request, name)
    response.content = filled(response.content, counts.of_papers, viewer_of(request))
    return response


def as_told(view: View[Arguments]) -> Callable[..., HttpResponse]:
    """Say in a page what cannot be done with a topic; one that the reader may not see is not there."""

    def answer(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (UnknownTopicError, UnknownListError) as problem:
            raise Http404(str(problem)) from None
        except (TopicError, NothingToFollowError) as problem:
            return errors.refused(
                request, status=HTTPStatus.UNPROCESSABLE_ENTITY, title="Not so", said=str(problem)
            )

    return never_cache(as_allowed(answer))


@require_http_methods(["GET", "HEAD", "POST"])
@as_told
def new(request: HttpRequest) -> HttpResponse:
    """The form that saves a list as a topic: the list is in the address, and in what the form sends."""
    viewer, now = viewer_of(request), timezone.now()
    access.check(viewer, "save", now=now)
    given = request.POST if request.method == "POST" else request.GET
    wanted = ListName(
        given.get("kind", ""),
        given.get("name", ""),
        given.get("order", ""),
        sense=given.get("sense", ""),
        like=tuple(given.getlist("and")),
        unlike=tuple(given.getlist("not")),
    )
    said = ""
    if request.method == "POST":
        try:
            made = topics.save(viewer, wanted, now=now, **_terms(request))
        except (TopicError, WordIndexError) as problem:
            said = str(problem)
        else:
            return see_other(reverse("topic", args=[made.slug]))
    return _form(request, topics.definition(wanted, viewer, now=now), said)


def _form(request: HttpRequest, wanted: ListName, said: str) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK
    definition = in_words([wanted])[0]
    return page(
        request,
        "topic_new.html",
        status=status,
        wanted=wanted,
        definition=definition,
        title=(request.POST.get("title", "") or definition.rpartition(",")[0] or definition)[:NAME_LENGTH],
        said=said,
        **topic_choices.of(wanted),
    )


@only_posted
@as_told
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Change, stop or delete a topic of one's own, by the button that was pressed."""
    viewer, now, deed = viewer_of(request), timezone.now(), request.POST.get("deed", "")
    if deed == "delete":
        topics.delete(viewer, name, now=now)
        return see_other(reverse("topics"))
    if deed in {"stop", "go-on"}:
        topics.change(viewer, name, is_stopped=deed == "stop", now=now)
    else:
        order = request.POST.get("order")
        topics.change(viewer, name, order=order, now=now, **_terms(request))
    return see_other(reverse("topic", args=[name]))


def _terms(request: HttpRequest) -> dict[str, Any]:
    return {
        "name": request.POST.get("title", ""),
        "size": key_in(request.POST.get("size", "")),
        "visibility": request.POST.get("visibility", ""),
    }


@only_posted
@as_told
def follow(request: HttpRequest, name: str) -> HttpResponse:
    """Follow a topic, or no more."""
    viewer, now = viewer_of(request), timezone.now()
    if request.POST.get("stands") == NO:
        topics.unfollow(viewer, name, now=now)
        settings = reverse("settings")
        return see_other(settings if came_from(request) == settings else reverse("topics"))
    return see_other(reverse("topic", args=[topics.follow(viewer, name, now=now).slug]))


@only_posted
@as_told
def look(request: HttpRequest, name: str) -> HttpResponse:
    """Remember up to which number a reader looked at a topic: reading alone changes nothing."""
    viewer, number = viewer_of(request), key_in(request.POST.get("number", ""))
    topics.looked(viewer, topics.find(viewer, name), number, now=timezone.now())
    return see_other(reverse("topic", args=[name]))
