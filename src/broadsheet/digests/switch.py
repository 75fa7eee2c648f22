"""Whether digests are sent at all. An older copy of the database does not send by itself."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any

import structlog
from django.db import connection
from django.db.models import F, QuerySet

from broadsheet.configured import instance
from broadsheet.digests.models import REPLY_LENGTH, Sending
from broadsheet.papers.disk import flush

# Beside the database: how often it has sent, and which file it was.
MARK = "sent.json"
RESTORED = (
    "This database is another than the one that sent last: it was restored or moved. Look at"
    " `broadsheet digest status`, and let it send by `broadsheet digest resume`."
)
ROW = 1

log = structlog.get_logger(__name__)


def state() -> Sending:
    """Whether and why sending is paused."""
    return Sending.objects.filter(pk=ROW).first() or Sending(pk=ROW)


def is_paused() -> bool:
    """Whether an operator, or a restored backup, has paused sending."""
    return state().paused_at is not None


def pause(reason: str, *, now: datetime) -> None:
    """Send nothing until somebody says so. The reason of a pause that goes on stays."""
    _row().filter(paused_at=None).update(paused_at=now, reason=reason[:REPLY_LENGTH])


def resume() -> None:
    """Send again: what was missed comes in one digest a reader. This database is the one that sends."""
    _row().update(paused_at=None, reason="")
    begin_round()


def may_send(*, now: datetime) -> bool:
    """Whether to send now. Pauses where the database is another than the one that sent last."""
    if is_paused():
        return False
    if _is_another():
        log.warning("sending is paused", reason=RESTORED)
        pause(RESTORED, now=now)
        return False
    return True


def begin_round() -> None:
    """Count that this database sends, in it and then beside it: a crash between leaves the mark behind."""
    _row().update(round=F("round") + 1)
    mark = {"round": state().round, "file": _file()}
    unfinished = _mark().with_name(f".{MARK}-{os.getpid()}-{get_ident()}")
    unfinished.write_text(json.dumps(mark), "utf-8")
    flush(unfinished)
    unfinished.replace(_mark())


def trouble(said: str, *, now: datetime) -> None:
    """Note what the relay said about this site; operators see it."""
    _row().update(trouble=said[:REPLY_LENGTH], trouble_at=now)


def _row() -> QuerySet[Sending]:
    """The only row, which is made where it is missing."""
    Sending.objects.get_or_create(pk=ROW)
    return Sending.objects.filter(pk=ROW)


def _is_another() -> bool:
    """Several hosts may share a database on a server: there the mark of a host may be behind, or missing."""
    rounds, mark = state().round, _read()
    if mark is None:
        return bool(rounds) and connection.vendor == "sqlite"
    if mark["round"] > rounds:
        return True
    return connection.vendor == "sqlite" and mark["file"] != _file()


def _read() -> dict[str, Any] | None:
    try:
        mark = json.loads(_mark().read_text("utf-8"))
        return {"round": int(mark["round"]), "file": mark["file"]}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        # Cut short by a power cut: the database tells as much.
        return None


def _mark() -> Path:
    return Path(instance().data) / MARK


def _file() -> int:
    """The number of the database's file: a copy has another."""
    name = str(connection.settings_dict["NAME"])
    try:
        return Path(name).stat().st_ino if connection.vendor == "sqlite" else 0
    except OSError:
        return 0
