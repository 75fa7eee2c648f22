"""What becomes of people's topics when they leave, and what of it they take with them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from broadsheet.accounts import exporting, leaving
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import Person
from broadsheet.daily import topics
from broadsheet.daily.models import Topic, TopicEntry, TopicLook, Visibility
from broadsheet.library.models import Follow, FollowKind


def _topics(person: Person, choice: Choice, now: datetime) -> None:
    """What only they could see or nobody else follows goes; the rest stays, and is nobody's."""
    del choice, now
    own = Topic.objects.filter(owner=person)
    topics.remove(list(own.exclude(_is_wanted(person)) | own.filter(visibility=Visibility.PRIVATE)))
    Topic.objects.filter(owner=person).update(owner=None)


def _is_wanted(person: Person) -> Q:
    """That somebody else follows a topic, or that a row of a room above, such as a subscription, has it."""
    follows = Follow.objects.filter(kind=FollowKind.TOPIC, name=OuterRef("slug")).exclude(person=person)
    wanted = Q(Exists(follows))
    for relation in Topic._meta.related_objects:
        table = relation.related_model
        if not isinstance(table, str) and table not in {TopicEntry, TopicLook}:
            wanted |= Q(Exists(table._default_manager.filter(**{relation.field.name: OuterRef("pk")})))
    return wanted


leaving.steps[Topic] = _topics
exporting.files["topics"] = lambda person: Topic.objects.filter(owner=person).values(
    "slug", "name", "wanted", "size", "visibility", "made_at", "stopped_at"
)
exporting.files["topics-looked-at"] = lambda person: TopicLook.objects.filter(person=person).values(
    "topic__slug", "number"
)
