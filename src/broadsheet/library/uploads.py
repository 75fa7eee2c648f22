"""The file that a person looked at, kept until they bring it in: one a person, for a day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import bringing
from broadsheet.library.brought import BringingError, Report, Wish
from broadsheet.library.models import NAME_LENGTH, Upload

KEPT = timedelta(days=1)


def look(viewer: Viewer, content: bytes, wish: Wish, *, name: str, now: datetime) -> Report:
    """Say what would come of a file, and keep it. Raises as `bringing.bring`."""
    report = bringing.bring(viewer, content, wish, dry_run=True, now=now)
    said = {"content": content, "wish": asdict(wish), "name": name[:NAME_LENGTH], "at": now}
    Upload.objects.update_or_create(person=viewer.person, defaults=said)
    return report


def take(viewer: Viewer, *, now: datetime) -> Report:
    """Bring in the file that was looked at last, and forget it. Raises as `bringing.bring`."""
    person = access.check(viewer, "save", now=now)
    upload = Upload.objects.filter(person=person, at__gt=now - KEPT).first()
    if upload is None:
        raise BringingError("No file waits to be brought in; it may be there already. Choose it again.")
    report = bringing.bring(viewer, bytes(upload.content), Wish(**upload.wish), dry_run=False, now=now)
    Upload.objects.filter(person=person, at=upload.at).delete()
    return report


def forget_old(*, now: datetime) -> None:
    """Forget files that nobody brought in."""
    Upload.objects.filter(at__lte=now - KEPT).delete()
