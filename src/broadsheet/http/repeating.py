"""A request that is sent again is done once (draft-ietf-httpapi-idempotency-key-header).

A program that does not know whether its POST arrived sends it again with the same `Idempotency-Key`. The key,
what was done and the answer are written in one transaction: after a crash either all of it is there or
nothing. Whoever comes second waits for the first and gets its answer.

An answer may hold what is shown once, such as the link of an invitation: it is kept sealed, so that a copy of
the table opens nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts.access import Viewer
from broadsheet.digests.sealing import SealError, opened, sealed
from broadsheet.http.models import Answered
from broadsheet.http.viewers import viewer_of
from broadsheet.stored_times import come

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
SHOWN = ("Content-Type", "Location")
LONGEST = 255
_KEY = re.compile(rf"[!-~]{{1,{LONGEST}}}")


class KeyRefusedError(ValueError):
    """Nothing is done under this key; the message says why."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoKeyError(KeyRefusedError):
    """What was sent as a key is none; the message says why."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self) -> None:
        super().__init__(f"{HEADER} takes 1 to {LONGEST} visible characters of ASCII, such as a UUID.")


class OtherRequestError(KeyRefusedError):
    """The key was used for another request; the message says so."""

    def __init__(self) -> None:
        super().__init__(f"This {HEADER} was used for another request; take a new one.")


class LostAnswerError(KeyRefusedError):
    """The request was done, and no key of the site opens its answer any more; the message says so."""

    status = HTTPStatus.CONFLICT

    def __init__(self) -> None:
        super().__init__(f"What this {HEADER} names was done; its answer was sealed with another secret key.")


def once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to the request, or the one that it got before under the same key.

    What refuses is not kept: nothing was done, and it may be tried again. Raises KeyRefusedError.
    """
    said, viewer = request.headers.get(HEADER), viewer_of(request)
    if request.method != "POST" or said is None or viewer.pk is None:
        return answer()
    # The draft has it as a string of RFC 8941, in quotes; most programs send it without.
    key = said[1:-1] if said[:1] == said[-1:] == '"' else said
    if not _KEY.fullmatch(key):
        raise NoKeyError
    now = timezone.now()
    row = Answered(person_id=viewer.pk, key=key, digest=_digest(request, viewer), ends_at=now + KEPT)
    with transaction.atomic():
        Answered.objects.filter(come("ends_at", now=now, longest=KEPT)).delete()
        return _answered(row, answer) if _is_new(row) else _again(row)


def _is_new(row: Answered) -> bool:
    """Whether the key was free. While another request has it that is not done yet, this waits."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _answered(row: Answered, answer: Callable[[], HttpResponse]) -> HttpResponse:
    response = answer()
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        transaction.set_rollback(True)
        return response
    row.status, row.content = response.status_code, sealed(response.content.decode())
    row.headers = {name: response[name] for name in SHOWN if name in response}
    row.save(update_fields=["status", "content", "headers"])
    return response


def _again(row: Answered) -> HttpResponse:
    known = Answered.objects.get(person=row.person_id, key=row.key)
    if known.digest != row.digest:
        raise OtherRequestError
    try:
        content = opened(known.content)
    except SealError as problem:
        raise LostAnswerError from problem
    return HttpResponse(content, status=known.status, headers=known.headers)


def _digest(request: HttpRequest, viewer: Viewer) -> str:
    """What tells requests apart: where it goes, what it says, and what its token may do."""
    said = [request.path, request.META.get("QUERY_STRING", ""), *sorted(viewer.scopes or ())]
    return hashlib.sha256("\n".join(said).encode() + b"\n" + request.body).hexdigest()
