"""Addresses to which nothing is sent any more, as keyed digests: in the database, and in a file beside it.

The file is read back whenever the site starts, so that neither an import nor a restored backup brings an
address back. Nobody can read addresses out of either without the secret key of the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from broadsheet import lasting_lines
from broadsheet.configured import instance
from broadsheet.digests.links import code, secret_keys
from broadsheet.digests.models import REPLY_LENGTH, Recipient, Suppression

# Beside the database: a line for each address that was suppressed, or that an operator lifted that from.
LIST = "suppressed.jsonl"


def key_of(address: str) -> str:
    """The address as it is compared."""
    return address.strip().lower()


def digest_of(address: str) -> str:
    """What is kept of an address that is suppressed."""
    return digests_of(address)[0]


def digests_of(address: str) -> list[str]:
    """What may have been kept of it: by the secret key of now, and by the one before while that is given."""
    said = key_of(address).encode()
    return [code("suppressions", said, one).hex() for one in secret_keys()]


def is_suppressed(address: str) -> bool:
    """Whether nothing may be sent there."""
    return Suppression.objects.filter(digest__in=digests_of(address)).exists()


def suppress(address: str, reason: str, *, now: datetime) -> None:
    """Send nothing there any more; once more changes nothing. Operators and the recipient see why."""
    digest = digest_of(address)
    with transaction.atomic():
        _, is_new = Suppression.objects.get_or_create(
            digest=digest, defaults={"reason": reason[:REPLY_LENGTH], "since": now}
        )
        if is_new:
            # Written before the row is kept: what is listed alone is suppressed when the site starts again.
            lasting_lines.append(
                _list(), {"digest": digest, "reason": reason[:REPLY_LENGTH], "since": now.isoformat()}
            )
        Recipient.objects.filter(key=key_of(address)).exclude(state=Recipient.State.SUPPRESSED).update(
            state=Recipient.State.SUPPRESSED, reason=reason[:REPLY_LENGTH]
        )


def lift(address: str, *, now: datetime) -> bool:
    """Let an operator take that back; mail comes again. False where the address was not suppressed."""
    with transaction.atomic():
        rows = Suppression.objects.filter(digest__in=digests_of(address))
        was = list(rows.values_list("digest", flat=True))
        rows.delete()
        for digest in was:
            lasting_lines.append(_list(), {"digest": digest, "lifted": now.isoformat()})
        Recipient.objects.filter(key=key_of(address), state=Recipient.State.SUPPRESSED).update(
            state=Recipient.State.ACTIVE, reason="", refusals=0
        )
    return bool(was)


def replay() -> int:
    """Suppress again what the list has and this database, restored from an older copy, has not; how many."""
    listed = _read()
    if not listed:
        return 0
    known = set(Suppression.objects.values_list("digest", flat=True))
    back = [Suppression(**row) for digest, row in listed.items() if digest not in known]
    Suppression.objects.bulk_create(back, ignore_conflicts=True)
    if back:
        _stop({row.digest: row.reason for row in back})
    return len(back)


def _stop(reasons: Mapping[str, str]) -> None:
    """Have the recipients say so, too."""
    for recipient in Recipient.objects.exclude(key=None).exclude(state=Recipient.State.SUPPRESSED).iterator():
        known = (reasons.get(digest) for digest in digests_of(recipient.address))
        reason = next((one for one in known if one is not None), None)
        if reason is not None:
            recipient.state, recipient.reason = Recipient.State.SUPPRESSED, reason
            recipient.save(update_fields=["state", "reason"])


def _list() -> Path:
    return Path(instance().data) / LIST


def _read() -> dict[str, dict[str, Any]]:
    """What is suppressed by the list, by its digest."""
    listed: dict[str, dict[str, Any]] = {}
    for said in lasting_lines.lines(_list()):
        if "lifted" in said:
            listed.pop(said["digest"], None)
        else:
            listed[said["digest"]] = said | {"since": datetime.fromisoformat(said["since"])}
    return listed
