"""Topics: any list that goes on, saved under a name by whoever wants to follow it.

A topic is for everybody, for whoever has its address, or for its owner alone; to everybody else it is as if
there were none. What is new in it is told by `noting`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from broadsheet.accounts import access, joining
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import deeds
from broadsheet.daily import cursors, lists, noting
from broadsheet.daily.entries import ListName, Part
from broadsheet.daily.kinds.library import LIBRARY, SAVED
from broadsheet.daily.kinds.search import RELEVANCE
from broadsheet.daily.kinds.topic import TOPIC, is_open_to, is_own, open_to, told
from broadsheet.daily.list_names import as_json, from_json
from broadsheet.daily.models import (
    LIST_LENGTH,
    MOST_PAPERS,
    NAME_LENGTH,
    SLUG_LENGTH,
    Topic,
    TopicLook,
    Visibility,
)
from broadsheet.library import following
from broadsheet.library.following import Followed
from broadsheet.library.models import Follow, FollowKind
from broadsheet.papers.names import name_slug

# The lists that go on; a day or what satisfies conditions of another language is no topic.
KINDS = (
    *("search", "author", "organization", "category"),
    *("trending", "discussed", "undiscovered", "similar", LIBRARY),
)
DEFAULT_SIZE = 10
# So many topics a person may have.
MOST = 200
TRENDING = "trending"
# What addresses of pages hold in the place of a topic's.
RESERVED = frozenset({TRENDING, "new", "mine", "followed"})
# What nobody guesses: the end of the address of a topic that is not for everybody.
_SECRET_BYTES = 9


class UnknownTopicError(LookupError):
    """There is no such topic for this viewer; the message says so."""

    def __init__(self) -> None:
        super().__init__("There is no topic at this address.")


class TopicError(ValueError):
    """A topic cannot be saved or changed so; the message says why."""


def seen_by(viewer: Viewer) -> QuerySet[Topic]:
    """The topics that a viewer finds: those for everybody, and their own."""
    return Topic.objects.filter(Q(visibility=Visibility.PUBLIC) | is_own(viewer.pk))


def mine(viewer: Viewer) -> QuerySet[Topic]:
    """The topics that a viewer owns."""
    return Topic.objects.filter(is_own(viewer.pk))


def followed_by(viewer: Viewer) -> QuerySet[Topic]:
    """The topics that a viewer follows and may still see."""
    names = Follow.objects.filter(person=viewer.pk, kind=FollowKind.TOPIC, name=OuterRef("slug"))
    return Topic.objects.filter(Exists(names)).filter(is_open_to(viewer.pk))


def follows(viewer: Viewer) -> list[Followed]:
    """The same, as what a person follows is told."""
    named = followed_by(viewer).order_by("name", "pk").values_list("slug", "name")
    return [Followed(FollowKind.TOPIC.value, slug, name) for slug, name in named]


def find(viewer: Viewer, slug: str) -> Topic:
    """The topic with that address. Raises UnknownTopicError, also for a private one of somebody else."""
    found = open_to(viewer, slug)
    if found is None:
        raise UnknownTopicError
    return found


def is_public(slug: str) -> bool:
    """Whether the topic with that address is for everybody."""
    return Topic.objects.filter(slug=slug, visibility=Visibility.PUBLIC).exists()


def state_of(name: str) -> object:
    """What changes with anything that the page of a topic says of it."""
    return (
        Topic.objects.filter(slug=name)
        .values_list("name", "visibility", "stopped_at", "wanted", "last")
        .first()
    )


def most_followed(limit: int, offset: int = 0) -> tuple[list[Topic], int]:
    """A part of the topics for everybody, those that most people follow first, and how many there are; each
    has its `followers`.
    """
    public = Topic.objects.filter(visibility=Visibility.PUBLIC)
    rows = with_followers(public).order_by("-followers", "name", "pk")
    return list(rows[offset : offset + limit]), public.count()


def with_followers(of: QuerySet[Topic]) -> QuerySet[Topic]:
    """The topics with how many people follow each, as `followers`."""
    follows = Follow.objects.filter(kind=FollowKind.TOPIC, name=OuterRef("slug")).order_by()
    people = follows.values("name").annotate(people=Count("pk")).values("people")
    return of.annotate(followers=Coalesce(Subquery(people), 0))


def since(slug: str, number: int) -> str:
    """The cursor with which `lists.read` gives what came to a topic after that number."""
    return cursors.sealed(ListName(TOPIC, slug), (-number, 0), 0)


def papers_a_day(topic: Topic) -> dict[date, int]:
    """How many papers came to a topic on each day that any did."""
    days = told(topic).annotate(day=TruncDate("since", tzinfo=UTC)).order_by()
    return dict(days.values_list("day").annotate(papers=Count("pk")))


def save(
    viewer: Viewer,
    wanted: ListName,
    *,
    name: str,
    now: datetime,
    size: int = DEFAULT_SIZE,
    visibility: str = Visibility.PUBLIC,
) -> Topic:
    """Save a list as a topic, with the first papers of now. Raises NotAllowedError, TopicError,
    UnknownListError and WordIndexError.
    """
    person = access.check(viewer, "save", now=now)
    topic = Topic(
        owner=person, name=_name(name), size=_size(size), visibility=_visibility(visibility), made_at=now
    )
    topic.wanted = as_json(definition(wanted, viewer, now=now))
    _keep_private(topic)
    if Topic.objects.filter(owner=person).count() >= MOST:
        raise TopicError(f"You have {MOST} topics already, which are the most; delete some first.")
    with transaction.atomic():
        _give_slug(topic)
        noting.begin(topic, now=now)
    joining.was_active(viewer, now=now)
    return topic


def change(
    viewer: Viewer,
    slug: str,
    *,
    now: datetime,
    name: str | None = None,
    size: int | None = None,
    order: str | None = None,
    visibility: str | None = None,
    is_stopped: bool | None = None,
) -> Topic:
    """Change what is given of a topic of the viewer's own; its address stays. Raises NotAllowedError,
    UnknownTopicError, TopicError and UnknownListError.
    """
    topic = _own(viewer, slug, now=now)
    if name is not None:
        topic.name = _name(name)
    if size is not None:
        topic.size = _size(size)
    if visibility is not None:
        if visibility != Visibility.PRIVATE and deeds.withheld(TOPIC, topic.pk):
            raise TopicError("Moderators made this topic private, and it stays so; their log says why.")
        topic.visibility = _visibility(visibility)
        _keep_private(topic)
    if is_stopped is not None:
        topic.stopped_at = (topic.stopped_at or now) if is_stopped else None
    wanted = from_json(topic.wanted)
    if order is not None and order != wanted.order:
        topic.wanted = as_json(definition(replace(wanted, order=order), viewer, now=now))
        noting.reorder(topic, now=now)
    topic.save(update_fields=["name", "size", "visibility", "stopped_at", "wanted"])
    return topic


def delete(viewer: Viewer, slug: str, *, now: datetime) -> None:
    """Delete a topic of the viewer's own, for whoever follows it, too. Raises NotAllowedError and
    UnknownTopicError.
    """
    remove([_own(viewer, slug, now=now)])


@transaction.atomic
def remove(gone: Sequence[Topic]) -> None:
    """Delete topics, and that anybody follows them."""
    Follow.objects.filter(kind=FollowKind.TOPIC, name__in=[one.slug for one in gone]).delete()
    Topic.objects.filter(pk__in=[one.pk for one in gone]).delete()


def follow(viewer: Viewer, slug: str, *, now: datetime) -> Topic:
    """Follow a topic that the viewer may see; again changes nothing. Raises NotAllowedError,
    UnknownTopicError and NothingToFollowError.
    """
    access.check(viewer, "follow", now=now)
    topic = find(viewer, slug)
    following.remember(viewer, FollowKind.TOPIC, topic.slug, now=now)
    return topic


def unfollow(viewer: Viewer, slug: str, *, now: datetime) -> None:
    """Follow a topic no more, also one that may not be seen any longer. Raises NotAllowedError, and
    UnknownTopicError for one that is not there and was not followed.
    """
    person = access.check(viewer, "follow", now=now)
    ended, _ = Follow.objects.filter(person=person, kind=FollowKind.TOPIC, name=slug).delete()
    if not ended:
        find(viewer, slug)


def looked(viewer: Viewer, topic: Topic, number: int, *, now: datetime) -> None:
    """Remember that the viewer looked at a topic up to a number, which only grows. Raises NotAllowedError."""
    person = access.check(viewer, "read", now=now)
    number = min(max(number, 0), topic.last)
    row, is_new = TopicLook.objects.get_or_create(person=person, topic=topic, defaults={"number": number})
    if not is_new:
        TopicLook.objects.filter(pk=row.pk, number__lt=number).update(number=number)


def looked_until(viewer: Viewer, topic: Topic) -> int | None:
    """The number up to which the viewer looked at a topic; None where they never said so."""
    if viewer.pk is None:
        return None
    return TopicLook.objects.filter(person=viewer.pk, topic=topic).values_list("number", flat=True).first()


def trending(now: datetime) -> Topic:
    """The topic of the site itself, which is made where it is missing: what trends over a day."""
    known = Topic.objects.filter(slug=TRENDING).first()
    if known:
        return known
    with transaction.atomic():
        topic, is_new = Topic.objects.get_or_create(slug=TRENDING, defaults=_of_site(now))
        if is_new:
            noting.begin(topic, now=now)
    return topic


def find_or_begin(viewer: Viewer, slug: str, *, now: datetime) -> Topic:
    """The topic with that address, that of the site itself made where it is missing. Raises
    UnknownTopicError.
    """
    return trending(now) if slug == TRENDING else find(viewer, slug)


def trending_to_show(now: datetime) -> Topic:
    """The topic of the site itself for pages, which change nothing: where it is missing, as it would be."""
    return Topic.objects.filter(slug=TRENDING).first() or Topic(slug=TRENDING, **_of_site(now))


def _of_site(now: datetime) -> dict[str, Any]:
    wanted = as_json(ListName("trending", "day"))
    return {"name": "Trending papers", "wanted": wanted, "size": DEFAULT_SIZE, "made_at": now}


def _own(viewer: Viewer, slug: str, *, now: datetime) -> Topic:
    person: Person = access.check(viewer, "save", now=now)
    topic = find(viewer, slug)
    if topic.owner_id != person.pk:
        raise access.NotAllowedError("Only whoever saved a topic changes it.")
    return topic


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise TopicError(f"Give the topic a name of at most {NAME_LENGTH} characters.")
    return name


def _size(size: int) -> int:
    if not 1 <= size <= MOST_PAPERS:
        raise TopicError(f"A topic looks at 1 to {MOST_PAPERS} papers.")
    return size


def _visibility(visibility: str) -> str:
    if visibility not in Visibility.values:
        raise TopicError(f"A topic is one of {', '.join(Visibility.values)}.")
    return visibility


def _keep_private(topic: Topic) -> None:
    """Raises TopicError where others would see what is in a library."""
    if topic.wanted["kind"] == LIBRARY and topic.visibility != Visibility.PRIVATE:
        raise TopicError("What is in your library is for you alone: such a topic is private.")


def definition(wanted: ListName, viewer: Viewer, *, now: datetime) -> ListName:
    """The list by its name of today, if it can be saved. Raises TopicError, UnknownListError and
    WordIndexError.
    """
    if wanted.kind == LIBRARY and not wanted.order:
        # A filter of one's own goes on with what is saved, whatever words it has.
        wanted = replace(wanted, order=SAVED)
    if wanted.kind not in KINDS or wanted.as_of:
        raise TopicError(f"Only lists that go on can be saved: {', '.join(KINDS)}.")
    if wanted.sense and wanted.order != RELEVANCE:
        raise TopicError("A sense narrows what is found by relevance: choose that order.")
    named = lists.read(wanted, viewer if wanted.kind == LIBRARY else None, Part(0), today=now.date()).name
    if len(repr(named)) > LIST_LENGTH:
        raise TopicError("That search is too long to be saved.")
    return named


def _give_slug(topic: Topic) -> None:
    """Save a new topic under an address that nobody has: from its name, unless nobody is to guess it."""
    start = name_slug(topic.name)[: SLUG_LENGTH - 20].strip("-")
    is_open = topic.visibility == Visibility.PUBLIC
    number = 1
    while True:
        end = f"-{number}" if number > 1 else ""
        topic.slug = f"{start}{end}" if is_open else f"{start}-{secrets.token_urlsafe(_SECRET_BYTES)}"
        number += 1
        if topic.slug in RESERVED or Topic.objects.filter(slug=topic.slug).exists():
            continue
        try:
            with transaction.atomic():
                topic.save(force_insert=True)
        except IntegrityError:
            continue
        return
