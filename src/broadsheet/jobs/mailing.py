"""The mail, in a thread or a worker of its own: neither fetching nor indexing ever holds it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import structlog
from django.db import DatabaseError, close_old_connections

from broadsheet.digests import confirming, forgetting, sending
from broadsheet.digests.pace import Pace
from broadsheet.digests.settings import sending_settings

# Whatever is due leaves after so long at the latest, if nothing that is slower goes before it.
LOOK_EACH_SECONDS = 5.0
FORGET_EACH = timedelta(hours=1)

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Send what is due until `stop` is set; a mail that is being handed over is finished."""
    pace = Pace(sending_settings().mail_rate, sending_settings().mail_relay_rate)
    forgot_at: datetime | None = None
    while not stop.is_set():
        now = datetime.now(UTC)
        try:
            close_old_connections()
            confirming.mail_due(now=now)
            sending.send_due(pace, is_over=stop.is_set)
            if forgot_at is None or not forgot_at <= now < forgot_at + FORGET_EACH:
                forgetting.forget(now=now)
                forgot_at = now
        except (DatabaseError, sqlite3.Error, OSError) as problem:
            # A full disk, a database that is away: the next look tries again.
            log.warning("mail could not be sent", reason=str(problem).strip())
        finally:
            close_old_connections()
        stop.wait(LOOK_EACH_SECONDS)
