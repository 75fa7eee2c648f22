"""The papers that came to a topic, the one that came last first; each has the number with which it came."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from broadsheet.accounts.access import Viewer
from broadsheet.daily.entries import Found, Key, ListName, Row, Span, UnknownListError
from broadsheet.daily.models import SLUG_LENGTH, Topic, TopicEntry, Visibility
from broadsheet.papers import batches
from broadsheet.papers.pages import quoted

# The kind of these lists, and the reason of an entry that is its number.
TOPIC = "topic"
NUMBER = "number"


def topic(wanted: ListName, span: Span, today: date) -> Found:
    """The papers of the topic with that address, as far as the viewer of the span may see it."""
    del today
    of = open_to(span.viewer, wanted.name)
    if of is None:
        raise UnknownListError("There is no topic at this address.")
    among = told(of)
    above = among.filter(_beyond(span.until, "gt")) if span.until else among
    page = above.filter(_beyond(span.after, "lt")) if span.after else above
    rows, total = batches.counted(
        page.order_by("-number", "paper"),
        *("number", "paper", "since"),
        part=slice(span.offset, span.offset + span.limit),
        among=above,
    )
    name = ListName(TOPIC, of.slug)
    described = f"The papers that came to the topic {of.name}, the last that came first."
    return Found(name, of.name, of.name, described, [_row(*row) for row in rows], total)


def _row(number: int, pk: int, since: datetime) -> Row:
    return Row((-number, pk), pk, since.date(), reasons={NUMBER: number})


def open_to(viewer: Viewer, slug: str) -> Topic | None:
    """The topic with that address, unless it is a private one of somebody else."""
    slug = slug[: SLUG_LENGTH + 1].replace("\0", " ")
    return Topic.objects.filter(is_open_to(viewer.pk), slug=slug).first()


def is_own(person: int | None) -> Q:
    """That a topic is of the person with that key; nobody has any."""
    return Q(owner=person) if person is not None else Q(pk=None)


def is_open_to(person: int | None) -> Q:
    """That the person with that key, or nobody in particular, may see a topic by its address."""
    return ~Q(visibility=Visibility.PRIVATE) | is_own(person)


def may_see(person: int | None, of: Topic) -> bool:
    """The same of a topic that is read already."""
    return of.visibility != Visibility.PRIVATE or (person is not None and of.owner_id == person)


def page_of(slug: str) -> str:
    """The path of the page of a topic."""
    return f"/topics/{quoted(slug)}"


def told(of: Topic) -> QuerySet[TopicEntry]:
    """The papers of a topic that are told: those that came to it and were not taken back."""
    return TopicEntry.objects.filter(topic=of, number__gt=0, paper__withdrawn=False, paper__retracted=False)


def _beyond(key: Key, side: str) -> Q:
    """That a paper stands above a key (`gt`) or below it (`lt`)."""
    number, paper = -int(key[0]), int(key[1])
    other = "lt" if side == "gt" else "gt"
    return Q(**{f"number__{side}": number}) | Q(**{f"paper__{other}": paper}, number=number)
