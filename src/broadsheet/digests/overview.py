"""What is due, sent, deferred and refused: for operators, on a page, in a command and in metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from broadsheet.accounts.mail import why_no_mail
from broadsheet.digests import switch
from broadsheet.digests.models import Channel, Delivery, Digest, Recipient, Sending

State = Digest.State
LATELY = timedelta(days=7)
HOSTS, ERRORS = 20, 10
_ACCEPTED, _PERMANENT = 300, 500


@dataclass(frozen=True, slots=True)
class Overview:
    """How sending stands. `deferred` is what waits for another try; `doubtful` is what the other side may
    have taken. `sent` and `bounced` are of the last seven days; the latter by the domain that refused.
    """

    readers: int
    due: int
    oldest_due: datetime | None
    sent: int
    deferred: int
    doubtful: int
    failed: int
    bounced: dict[str, int]
    errors: list[Delivery]
    sending: Sending
    no_mail: str

    @property
    def paused(self) -> str:
        """Why nothing is sent; empty while it is."""
        return self.sending.reason if self.sending.paused_at else ""

    def sentences(self) -> list[str]:
        """All of it in words, but the refusals."""
        oldest = f", the oldest since {self.oldest_due:%Y-%m-%d %H:%M} UTC" if self.oldest_due else ""
        away = self.sending.trouble_at
        said = [
            self.no_mail,
            self.paused and f"Nothing is sent: {self.paused}",
            f"Active channels of readers: {self.readers}.",
            f"Digests that are due: {self.due}{oldest}.",
            f"Waiting for another try: {self.deferred}. In doubt: {self.doubtful}. Given up: {self.failed}.",
            f"Sent in the last seven days: {self.sent}.",
            *(f"Refused by {host}: {count}." for host, count in self.bounced.items()),
            away and f"What carries them was away at {away:%Y-%m-%d %H:%M} UTC: {self.sending.trouble}",
        ]
        return [sentence for sentence in said if sentence]

    def plain(self) -> dict[str, Any]:
        """All of it for programs."""
        said = {name: getattr(self, name) for name in self.__slots__ if name not in {"sending", "errors"}}
        errors = [f"{one.at:%Y-%m-%d %H:%M} {one.host} {one.code} {one.text}" for one in self.errors]
        return said | {"paused": self.paused, "errors": errors}


def read(*, now: datetime) -> Overview:
    """How sending stands now."""
    states = _counted(now)
    return Overview(
        readers=_readers(),
        due=states["due"],
        oldest_due=states["oldest"],
        sent=Digest.objects.filter(state=State.SENT, sent_at__gt=now - LATELY).count(),
        deferred=states["deferred"],
        doubtful=states["doubtful"] + Digest.objects.filter(state=State.HELD).count(),
        failed=Digest.objects.filter(state=State.FAILED).count(),
        bounced=_bounced(now),
        errors=list(Delivery.objects.filter(_REFUSED).order_by("-at", "-pk")[:ERRORS]),
        sending=switch.state(),
        no_mail=why_no_mail(),
    )


_REFUSED = Q(code__gte=_ACCEPTED) | Q(code=0)


def _readers() -> int:
    return Channel.objects.filter(state=Channel.State.ACTIVE, recipient__state=Recipient.State.ACTIVE).count()


def _counted(now: datetime) -> dict[str, Any]:
    waits = Q(retry_at__gt=now)
    return Digest.objects.filter(state__in=[State.DUE, State.CLAIMED, State.HANDING]).aggregate(
        due=Count("pk", filter=~waits & ~Q(state=State.HANDING)),
        oldest=Min("due_at", filter=~waits & ~Q(state=State.HANDING)),
        deferred=Count("pk", filter=waits & Q(state=State.DUE)),
        doubtful=Count("pk", filter=Q(state=State.HANDING)),
    )


def _bounced(now: datetime) -> dict[str, int]:
    refused = Delivery.objects.filter(at__gt=now - LATELY, code__gte=_PERMANENT)
    rows = refused.values_list("host").annotate(many=Count("pk")).order_by("-many", "host")
    return dict(rows[:HOSTS])
