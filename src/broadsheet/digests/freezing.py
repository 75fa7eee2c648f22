"""Freezing: what claimed digests say is chosen, composed and written down, together with what was told.

Everything is read and composed before anything is locked; what another worker told meanwhile is found out by
the bytes of `Told` being others, and then the digest is left for the next round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from zstandard import ZstdCompressor, ZstdDecompressor

from broadsheet.daily import excluding
from broadsheet.daily.excluding import Rules
from broadsheet.digests import choosing, offering, settling, windows
from broadsheet.digests.carrying import ways
from broadsheet.digests.choosing import Choice, Offer
from broadsheet.digests.composing import Composed, NothingLeftError
from broadsheet.digests.letters import headers
from broadsheet.digests.models import Channel, Digest, Subscription, Told
from broadsheet.digests.offering import Followed, Offers
from broadsheet.library.told import Past, packed, unpacked
from broadsheet.papers.inserting import insert_missing, update

log = structlog.get_logger(__name__)
State = Digest.State


@dataclass(frozen=True, slots=True)
class Draft:
    """What a digest will say: nothing where there are too few papers. `numbers` are those told of each
    subscription from now on.
    """

    digest: Digest
    content: bytes
    papers: list[int]
    told: bytes
    told_before: bytes
    numbers: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a digest may tell, what its channel was told before, and what its reader leaves out of all lists,
    if anything.
    """

    digest: Digest
    followed: Sequence[Followed]
    offers: Sequence[Offer]
    told: bytes
    rules: Rules | None

    def left_out(self, papers: Collection[int]) -> set[int]:
        """Those of the papers that the reader leaves out."""
        return excluding.among(self.rules, papers) if self.rules else set()


def freeze(digests: Sequence[Digest], offers: Offers, *, now: datetime) -> list[tuple[Digest, bytes]]:
    """Compose those of the digests, claimed by this worker, that are not frozen yet. Those that can be handed
    over, with what they say; the others are empty, or wait for the next round.
    """
    ready = [(one, thawed(one.content)) for one in digests if one.content is not None]
    fresh = [one for one in digests if one.content is None]
    if not fresh:
        return ready
    given, past = _offered(fresh, offers)
    composed = [draft for one in given if (draft := _drafted(one, past, now=now))]
    return [*ready, *_written(composed, now=now)] if composed else ready


def drafts(digests: Sequence[Digest], offers: Offers, *, now: datetime) -> list[Draft]:
    """What the digests would say now; nothing is written but that their channels were told nothing yet."""
    given, past = _offered(digests, offers)
    return [_draft(one, past, now=now) for one in given]


def _offered(digests: Sequence[Digest], offers: Offers) -> tuple[list[Offered], Past]:
    channels = {one.channel_id: one.channel for one in digests}
    insert_missing(Told, ("channel", "papers"), ((pk, b"") for pk in sorted(channels)))
    followed = offering.followed_by(channels.values())
    offers.read(one.topic for those in followed.values() for one in those)
    told = dict(Told.objects.filter(channel__in=channels).values_list("channel", "papers"))
    people = {one.recipient.person_id for one in channels.values() if one.recipient.person_id}
    rules = excluding.rules_of(people)
    given = [
        Offered(
            digest=one,
            followed=those,
            offers=offers.of(one.channel, one.window, those),
            told=bytes(told[one.channel_id]),
            rules=rules.get(one.channel.recipient.person_id or 0),
        )
        for one in digests
        for those in [followed.get(one.channel_id, [])]
    ]
    past = Past(set(offering.papers_of(one.offers for one in given)))
    return given, past


def message_id(digest: Digest) -> str:
    """The same for each attempt, and told by nobody who has not the secret key."""
    return headers.message_id(digest.channel_id, digest.window)


def frozen(content: bytes) -> bytes:
    """What is kept of the bytes until they are sent."""
    return ZstdCompressor(level=1).compress(content)


def thawed(content: bytes | memoryview) -> bytes:
    """The bytes that were frozen."""
    return ZstdDecompressor().decompress(bytes(content))


def _drafted(offered: Offered, past: Past, *, now: datetime) -> Draft | None:
    """What the digest would say; a fault of ours puts it aside for a later try, and holds up no other."""
    try:
        return _draft(offered, past, now=now)
    except DatabaseError:
        raise
    except Exception:
        log.exception("a digest could not be composed", digest=offered.digest.pk)
        settling.put_aside(offered.digest, now=now)
        return None


def _draft(offered: Offered, past: Past, *, now: datetime) -> Draft:
    digest, before = offered.digest, offered.told
    known = set(unpacked(before))
    choice = choosing.choose(
        offered.offers,
        lambda paper: not known.isdisjoint(past.names(paper)),
        left_out=offered.left_out,
    )
    is_empty = not choice.papers
    if not is_empty and not is_worth_it(digest.channel, choice, now=now):
        # There are too few yet: they wait.
        return Draft(digest, b"", [], before, before, {})
    content, papers = (b"", []) if is_empty else _composed(digest, choice, now)
    numbers = {one.subscription: one.topic.last for one in offered.followed if one.topic.last > one.told}
    after = packed([*known, *map(past.key, papers)]) if papers else before
    return Draft(digest, content, papers, after, before, numbers)


def is_worth_it(channel: Channel, choice: Choice, *, now: datetime) -> bool:
    """Whether there is something to tell: any paper or, if the reader wants to wait for many, so many; or
    fewer after thirty days.
    """
    if not choice.papers:
        return False
    if channel.cadence != Channel.Cadence.WHEN_MANY or len(choice.papers) + choice.left >= channel.many:
        return True
    last = channel.sent_at or channel.made_at
    return not now - windows.LATEST_WITH_FEW < last <= now


def _composed(digest: Digest, choice: Choice, now: datetime) -> Composed:
    channel = digest.channel
    way = ways[channel.kind]
    digest.message_id = message_id(digest)
    try:
        return way.compose(
            channel.recipient,
            channel,
            choice,
            at=now,
            message_id=digest.message_id,
            window=digest.window,
            next_at=channel.due_at,
        )
    except NothingLeftError:
        return Composed(b"", [])


@transaction.atomic
def _written(composed: Sequence[Draft], *, now: datetime) -> list[tuple[Digest, bytes]]:
    """Write the drafts of digests that are still this worker's, and whose channels were told nothing else."""
    mine = set(_locked(composed[0].digest.token, [one.digest.pk for one in composed]))
    rows = Told.objects.select_for_update().filter(channel__in={one.digest.channel_id for one in composed})
    told = {pk: bytes(papers) for pk, papers in rows.order_by("pk").values_list("channel", "papers")}
    kept = list[Draft]()
    for one in composed:
        channel = one.digest.channel_id
        if one.digest.pk in mine and told.get(channel) == one.told_before:
            told[channel] = one.told
            kept.append(one)
    _write(kept, now)
    return [(one.digest, one.content) for one in kept if one.content]


def _write(kept: Sequence[Draft], now: datetime) -> None:
    full = [one for one in kept if one.content]
    for one in full:
        one.digest.papers = packed(one.papers)
        one.digest.content = frozen(one.content)
    update(
        Digest,
        ("papers", "content", "message_id"),
        ("id",),
        [(one.digest.papers, one.digest.content, one.digest.message_id, one.digest.pk) for one in full],
    )
    empty = [one.digest.pk for one in kept if not one.content]
    Digest.objects.filter(pk__in=empty).update(state=State.EMPTY, token="")
    update(Told, ("papers",), ("channel",), [(one.told, one.digest.channel_id) for one in full])
    Channel.objects.filter(pk__in=[one.digest.channel_id for one in full]).update(sent_at=now)
    numbers = sorted((pk, number) for one in kept for pk, number in one.numbers.items())
    update(Subscription, ("told",), ("id",), [(number, pk) for pk, number in numbers])


def _locked(token: str, digests: Sequence[int]) -> Sequence[int]:
    rows = Digest.objects.filter(pk__in=digests, token=token, state=State.CLAIMED).order_by("pk")
    return list(rows.select_for_update().values_list("pk", flat=True))
