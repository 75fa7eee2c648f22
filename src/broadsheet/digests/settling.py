"""The steps of a digest around its hand-over, each a statement that only the worker with its token can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min

from broadsheet.daily.models import TopicEntry
from broadsheet.digests import failures, suppressing
from broadsheet.digests.carrying import ways
from broadsheet.digests.failures import Fate, Reply
from broadsheet.digests.models import REPLY_LENGTH, Channel, Digest, Recipient, Subscription, Told
from broadsheet.digests.settings import sending_settings
from broadsheet.library.told import Past, packed, unpacked
from broadsheet.papers.models import Merge

State = Digest.State
# Windows of these are notices: whoever pauses digests, or follows no topic, gets them all the same.
NOTICES = "notices:"
# Whoever left, paused or is suppressed since it was composed is sent nothing.
_BEGIN = """
UPDATE digests_digest SET state = 'handing', claimed_at = %s
WHERE id = %s AND token = %s AND state = 'claimed'
AND EXISTS (
    SELECT 1 FROM digests_channel c JOIN digests_recipient r ON r.id = c.recipient_id
    WHERE c.id = digests_digest.channel_id AND (r.state = 'active' OR c.kind <> 'mail')
    AND (%s OR (
        c.state = 'active' AND EXISTS (SELECT 1 FROM digests_subscription s WHERE s.channel_id = c.id)
    ))
)
AND NOT EXISTS (SELECT 1 FROM digests_suppression WHERE digest IN (%s, %s))
AND NOT EXISTS (SELECT 1 FROM digests_sending WHERE paused_at IS NOT NULL)
"""

_SENT = """
UPDATE digests_digest SET state = 'sent', token = '', content = NULL, sent_at = %s, tries = tries + 1
WHERE id = %s AND token = %s AND state = 'handing'
"""

_DELIVERED = "INSERT INTO digests_delivery (digest_id, at, host, code, text) VALUES (%s, %s, %s, %s, %s)"


def begin(digest: Digest, *, now: datetime) -> bool:
    """Say that the digest is being handed over. False where it may not, or is another worker's by now."""
    channel = digest.channel
    address = channel.recipient.address if channel.kind == Channel.Kind.MAIL else ""
    suppressed = suppressing.digests_of(address) if address else [""]
    is_notice = digest.window.startswith(NOTICES)
    said = [_stored(now), digest.pk, digest.token, is_notice, suppressed[0], suppressed[-1]]
    return _execute(_BEGIN, said) == 1


def settle(digest: Digest, reply: Reply, *, now: datetime, chance: float) -> Fate:
    """Write down what became of a digest that was handed over, and what follows for its recipient."""
    fate = failures.fate(reply)
    is_sent = fate == Fate.SENT and _execute(_SENT, [_stored(now), digest.pk, digest.token]) == 1
    if not is_sent and (fate == Fate.SENT or not _is_settled(digest, fate, now, chance)):
        # Another worker took it for lost; what it hands over are the same bytes.
        return fate
    host = ways[digest.channel.kind].host(digest.channel)
    said = reply.text[:REPLY_LENGTH].replace("\0", "")
    _execute(_DELIVERED, [digest.pk, _stored(now), host[:255], reply.code, said])
    follow(digest.channel, fate, reply, now=now)
    return fate


def _execute(statement: str, said: Sequence[Any]) -> int:
    """Run a statement of ours, which the library would take longer to compose; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return int(cursor.rowcount)


# A digest is settled and the next one begun at the same moment.
@lru_cache(4)
def _stored(now: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(now)


def _is_settled(digest: Digest, fate: Fate, now: datetime, chance: float) -> bool:
    mine = Digest.objects.filter(pk=digest.pk, token=digest.token, state=State.HANDING)
    return bool(mine.update(**_values(digest, fate, now=now, chance=chance)))


def _values(digest: Digest, fate: Fate, *, now: datetime, chance: float) -> dict[str, object]:
    """The columns of the digest."""
    tries = digest.tries + 1
    if fate == Fate.AWAY:
        return {"state": State.DUE, "token": "", "retry_at": now + failures.AWAY}
    if fate == Fate.DOUBTFUL:
        return _doubtful(tries, now)
    if fate == Fate.LATER:
        wait = failures.retry_after(tries, chance)
        state = State.FAILED if wait is None else State.DUE
        return {"state": state, "token": "", "tries": tries, "retry_at": now + (wait or timedelta())}
    return {"state": State.BOUNCED, "token": "", "content": None, "tries": tries}


def _doubtful(tries: int, now: datetime) -> dict[str, object]:
    is_held = sending_settings().doubt == "hold"
    state = State.HELD if is_held else State.DUE if tries <= len(failures.TRIES) else State.FAILED
    return {"state": state, "token": "", "tries": tries, "retry_at": now + failures.AWAY}


def follow(channel: Channel, fate: Fate, reply: Reply, *, now: datetime) -> None:
    """What an answer means for the recipient, or for a service or webhook; that of a later bounce, too."""
    holder = channel.recipient if channel.kind == Channel.Kind.MAIL else channel
    if fate == Fate.SENT and not holder.refusals:
        return
    rows = type(holder)._default_manager.filter(pk=holder.pk)
    if fate == Fate.SENT:
        rows.update(refusals=0)
    elif fate == Fate.NO_SUCH_ADDRESS and channel.recipient.address:
        reason = failures.NO_SUCH_ADDRESS.format(said=reply)
        suppressing.suppress(channel.recipient.address, reason, now=now)
    elif fate == Fate.ENDED:
        Channel.objects.filter(pk=channel.pk).update(state=Channel.State.ENDED, reason=str(reply))
    elif fate == Fate.REFUSED:
        rows.update(refusals=F("refusals") + 1)
        many = rows.filter(refusals__gte=failures.REFUSALS, state=Recipient.State.ACTIVE)
        reason = failures.PAUSED.format(said=reply)[:REPLY_LENGTH]
        many.update(state=Recipient.State.PAUSED, reason=reason, refusals=0)


def put_aside(digest: Digest, *, now: datetime) -> None:
    """Let a digest that could not be composed wait for another try, as if it had been refused for now."""
    mine = Digest.objects.filter(pk=digest.pk, token=digest.token, state=State.CLAIMED)
    mine.update(**_values(digest, Fate.LATER, now=now, chance=0.5))


@transaction.atomic
def withdraw(digest: Digest) -> None:
    """Give up a digest that may not be sent. Where no attempt was ever made, what it would have told counts
    as not told. A digest of another worker, or while all sending is paused, stays as it is.
    """
    rows = Digest.objects.filter(pk=digest.pk, token=digest.token, state=State.CLAIMED)
    if not _is_unwanted(digest.channel):
        return
    if digest.tries:
        rows.update(state=State.FAILED, token="", content=None)
    elif rows.update(state=State.EMPTY, token="", content=None, papers=b""):
        _forget(digest)


@transaction.atomic
def take_back(channel: Channel) -> None:
    """Have what is on its way to the channel composed anew, since it follows fewer topics now. What was ever
    handed over goes as it is.
    """
    on_their_way = Digest.objects.filter(channel=channel, tries=0, state__in=[State.DUE, State.CLAIMED])
    rows = on_their_way.exclude(window__startswith=NOTICES)
    for digest in rows.select_for_update().order_by("pk"):
        _forget(digest)
    # Without its token, a worker that composes it now throws that away.
    rows.update(state=State.DUE, token="", content=None, papers=b"")


def _is_unwanted(channel: Channel) -> bool:
    """Whether its reader, and not the operator, is why it may not be sent."""
    there = Channel.objects.select_related("recipient").filter(pk=channel.pk).first()
    if there is None:
        return False
    if there.state != Channel.State.ACTIVE or not there.subscriptions.exists():
        return True
    if there.kind != Channel.Kind.MAIL:
        return False
    recipient = there.recipient
    is_suppressed = recipient.address and suppressing.is_suppressed(recipient.address)
    return recipient.state != Recipient.State.ACTIVE or bool(is_suppressed)


def _forget(digest: Digest) -> None:
    """Take from what was told the papers of a digest that nobody was sent, and offer them again."""
    papers = set(unpacked(digest.papers))
    if not papers:
        return
    row = Told.objects.select_for_update().filter(channel=digest.channel_id).first()
    past = Past(papers)
    if row:
        gone = papers | {past.key(paper) for paper in papers}
        row.papers = packed(key for key in unpacked(row.papers) if key not in gone)
        row.save(update_fields=["papers"])
    _offer_again(digest, papers)


def _offer_again(digest: Digest, papers: set[int]) -> None:
    fresh = set(papers)
    # Papers may have become part of others since.
    while fresh := set(Merge.objects.filter(gone__in=fresh).values_list("kept", flat=True)) - papers:
        papers |= fresh
    entries = TopicEntry.objects.filter(paper__in=papers, number__gt=0)
    first = dict(entries.values_list("topic").annotate(first=Min("number")))
    back: dict[int, list[int]] = defaultdict(list)
    for pk, topic, number in Subscription.objects.filter(channel=digest.channel_id).values_list(
        "pk", "topic", "told"
    ):
        if topic in first and first[topic] <= number:
            back[first[topic] - 1].append(pk)
    for number, subscriptions in back.items():
        Subscription.objects.filter(pk__in=subscriptions).update(told=number)
