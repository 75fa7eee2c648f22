"""What pages of topics say beside what is kept: to whoever reads them, of what is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.template.loader import get_template

from broadsheet.accounts.access import Viewer
from broadsheet.community import deeds
from broadsheet.daily import topics
from broadsheet.daily.defining import in_words
from broadsheet.daily.kinds.topic import TOPIC, open_to, told
from broadsheet.daily.list_names import from_json
from broadsheet.daily.models import Topic
from broadsheet.http.holes import Key
from broadsheet.library import following
from broadsheet.library.models import FollowKind
from broadsheet.web import topic_choices

NEW = '<strong class="fresh">New since you looked.</strong>'


def of_topic(slug: str, viewer: Viewer) -> str:
    """The forms of a reader of a topic, and of its owner."""
    topic = topics.with_followers(Topic.objects.filter(slug=slug)).first()
    if topic is None:
        return ""
    looked = topics.looked_until(viewer, topic)
    is_own = viewer.pk is not None and viewer.pk == topic.owner_id
    return get_template("beside_topic.html").render(
        {
            "topic": topic,
            "viewer": viewer,
            "follows": following.follows(viewer, FollowKind.TOPIC, slug),
            "looked": looked,
            "new": told(topic).filter(number__gt=looked).count() if looked is not None else 0,
            "is_own": is_own,
            "is_withheld": is_own and deeds.withheld(TOPIC, topic.pk),
            "choices": topic_choices.of(from_json(topic.wanted)),
        }
    )


def of_all(viewer: Viewer) -> str:
    """The topics that a reader owns, and those of others that they follow."""
    if viewer.pk is None:
        return ""
    others = topics.followed_by(viewer).exclude(owner=viewer.pk)
    return get_template("beside_topics.html").render(
        {"mine": _lines(topics.mine(viewer)), "followed": _lines(others)}
    )


def marks(keys: Iterable[str], viewer: Viewer) -> dict[Key, str]:
    """The marks of the papers of one topic that came since the viewer looked at it, by the holes for them:
    `new`, the number of the paper, the address of the topic.
    """
    named = {key: key.split(" ", 2)[1:] for key in keys}
    slug = next((slug for _, slug in named.values()), "")
    topic = open_to(viewer, slug) if slug and viewer.pk else None
    looked = topics.looked_until(viewer, topic) if topic else None
    if looked is None:
        return {}
    return {key: NEW for key, (number, _) in named.items() if int(number) > looked}


def _lines(of: QuerySet[Topic]) -> Sequence[tuple[Topic, str]]:
    rows = list(topics.with_followers(of).order_by("name", "pk"))
    return [*zip(rows, in_words([from_json(one.wanted) for one in rows]), strict=True)]
