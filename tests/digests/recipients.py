"""Recipients for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.digests.models import Recipient
from broadsheet.digests.suppressing import key_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def recipient(address: str = "ada@lab.example") -> Recipient:
    """Somebody who has confirmed that address."""
    return Recipient.objects.create(key=key_of(address), address=address, confirmed_at=NOW)
