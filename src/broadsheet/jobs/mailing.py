"""The mail, in a thread or a worker of its own: neither fetching nor indexing ever holds it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.db import DatabaseError, close_old_connections

from broadsheet.digests import confirming, forgetting, pace, sending
from broadsheet.digests.models import Channel

# Whatever is due leaves after so long at the latest, if nothing that is slower goes before it.
LOOK_EACH_SECONDS = 5.0
FORGET_EACH = timedelta(hours=1)

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Send what is due until `stop` is set; what is being handed over is finished. Services and webhooks have
    a thread of their own: one that is slow holds no mail.
    """
    beside = threading.Thread(target=_elsewhere, args=(stop,), name="elsewhere", daemon=True)
    beside.start()
    _mail(stop)
    beside.join()


def _mail(stop: threading.Event) -> None:
    own, forgot_at = pace.usual(), list[datetime]()

    def look(now: datetime) -> None:
        confirming.mail_due(now=now)
        sending.send_due(own, is_over=stop.is_set, kinds={Channel.Kind.MAIL})
        if not forgot_at or not forgot_at[-1] <= now < forgot_at[-1] + FORGET_EACH:
            forgetting.forget(now=now)
            forgot_at[:] = [now]

    _looking(stop, look)


def _elsewhere(stop: threading.Event) -> None:
    own, kinds = pace.usual(), sending.EVERY_KIND - {Channel.Kind.MAIL}
    _looking(stop, lambda _: sending.send_due(own, is_over=stop.is_set, kinds=kinds))


def _looking(stop: threading.Event, look: Callable[[datetime], object]) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            look(datetime.now(UTC))
        except (DatabaseError, sqlite3.Error, OSError) as problem:
            # A full disk, a database that is away: the next look tries again.
            log.warning("digests could not be sent", reason=str(problem).strip())
        except Exception:
            # A fault of ours is told, and ends no mail for good.
            log.exception("digests could not be sent")
        finally:
            close_old_connections()
        stop.wait(LOOK_EACH_SECONDS)
