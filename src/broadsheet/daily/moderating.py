"""How readers report topics, and how moderators make those private whose names nobody is to read."""

from __future__ import annotations

from broadsheet.community import above
from broadsheet.community.reporting import TOPIC
from broadsheet.daily.kinds.topic import page_of
from broadsheet.daily.models import Topic, Visibility


def _withhold(topic: Topic) -> str:
    former = str(topic.visibility)
    _show(topic, Visibility.PRIVATE)
    return former


def _show(topic: Topic, visibility: str) -> None:
    topic.visibility = visibility
    topic.save(update_fields=["visibility"])


above.kinds[TOPIC] = above.Above(
    table=Topic,
    public=lambda: Topic.objects.exclude(visibility=Visibility.PRIVATE).select_related("owner"),
    owner=lambda topic: topic.owner,
    named=lambda topic: (topic.name, page_of(topic.slug)),
    withhold=_withhold,
    release=_show,
)
