"""What a person follows, whatever it is: topics, and what `library.following` has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from broadsheet.accounts.access import Viewer
from broadsheet.daily import topics
from broadsheet.library import following
from broadsheet.library.following import Followed
from broadsheet.library.models import FollowKind


def mine(viewer: Viewer) -> Sequence[Followed]:
    """What the viewer follows, by kind and name."""
    return [*following.mine(viewer), *topics.follows(viewer)]


def follow(viewer: Viewer, kind: str, name: str, *, now: datetime) -> Followed:
    """Follow what has that name in its address. To follow it again changes nothing.

    Raises NotAllowedError, NothingToFollowError and UnknownTopicError.
    """
    if kind != FollowKind.TOPIC:
        return following.follow(viewer, kind, name, now=now)
    topic = topics.follow(viewer, name, now=now)
    return Followed(kind, topic.slug, topic.name)
