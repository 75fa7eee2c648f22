"""What a digest would say now, without anybody being told."""

from __future__ import annotations

from datetime import datetime

from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.digests import choosing, freezing, planning, windows
from broadsheet.digests.choosing import Offer
from broadsheet.digests.composing import NothingLeftError, compose
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.offering import Offers
from broadsheet.digests.suppressing import key_of


class NoPreviewError(LookupError):
    """There is nothing to be seen; the message says why."""


def preview(wanted: str, *, now: datetime) -> bytes:
    """The mail that the reader with this address, or this handle, would get now; or one of a topic's newest
    papers, by its address. Raises NoPreviewError.
    """
    reader = Channel.objects.select_related("recipient").filter(kind=Channel.Kind.MAIL)
    channel = (
        reader.filter(recipient__key=key_of(wanted)).first()
        or reader.filter(recipient__person__handle=wanted).first()
    )
    if channel:
        return _of_reader(channel, now)
    topic = Topic.objects.filter(slug=wanted).first()
    if not topic:
        raise NoPreviewError(f"{wanted!r} is neither the address or handle of a reader nor a topic.")
    return _of_topic(topic, now)


def _of_reader(channel: Channel, now: datetime) -> bytes:
    window = str(windows.last_open(now, planning.times_of(channel)))
    digest = Digest(channel=channel, window=window, due_at=now)
    (draft,) = freezing.drafts([digest], Offers(), now=now)
    if not draft.content:
        raise NoPreviewError("There is nothing new for this reader, so no mail would be sent.")
    return draft.content


def _of_topic(topic: Topic, now: datetime) -> bytes:
    rows = TopicEntry.objects.filter(topic=topic).order_by("-number", "-pk")[: topic.size]
    papers = [(entry.paper_id, entry.number) for entry in reversed(rows)]
    choice = choosing.choose([Offer(topic.pk, topic.slug, topic.name, topic.size, papers)], lambda _: False)
    recipient = Recipient(pk=0, address="reader@example.org", confirmed_at=now)
    channel = Channel(pk=0, kind=Channel.Kind.MAIL, recipient=recipient, made_at=now)
    window = str(now.date())
    try:
        return compose(
            recipient, channel, choice, at=now, message_id="preview", window=window, next_at=None
        ).content
    except NothingLeftError:
        raise NoPreviewError(f"No paper has come to the topic {topic.name!r} yet.") from None
