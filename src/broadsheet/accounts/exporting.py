"""All that is a person's own, as a file for them: a ZIP of JSON Lines, a file a kind."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any, TypeAlias

import orjson
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Invitation, Person, Token

Rows: TypeAlias = Iterable[Mapping[str, Any]]
# A room registers in `AppConfig.ready` what it has of people: by the name of the file, rows of plain values.
files: dict[str, Callable[[Person], Rows]] = {}
# An archive up to this size stays in memory.
IN_MEMORY = 1024 * 1024


def export(viewer: Viewer, *, now: datetime) -> IO[bytes]:
    """The archive, to be read from its beginning. Raises NotAllowedError, also for a program."""
    person = access.check(viewer, "read", now=now)
    if viewer.scopes is not None:
        raise access.NotAllowedError("Whoever wants all that is theirs asks on the page of settings.")
    archive = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (whoever sends it closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in files.items():
            with packed.open(f"{name}.jsonl", "w") as file:
                for row in rows(person):
                    file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    archive.seek(0)
    return archive


def _profile(person: Person) -> Iterator[Mapping[str, Any]]:
    names = (
        "handle", "name", "email", "role", "kind", "joined_at", "active_days", "last_active_on", "vouched_at",
        "votes_private", "uses_keys", "view", "suspended_until", "leaving_at",
    )  # fmt: skip
    yield {name: getattr(person, name) for name in names}


def _ways_in(person: Person) -> Iterator[Mapping[str, Any]]:
    """Passkeys and the like, without what opens anything."""
    for one in Authenticator.objects.filter(user=person):
        yield {"type": one.type, "created_at": one.created_at, "last_used_at": one.last_used_at}


files.update(
    {
        "profile": _profile,
        "addresses": lambda person: EmailAddress.objects.filter(user=person).values(
            "email", "verified", "primary"
        ),
        "accounts-elsewhere": lambda person: SocialAccount.objects.filter(user=person).values(
            "provider", "uid", "date_joined", "last_login"
        ),
        "ways-in": _ways_in,
        "sessions": lambda person: UserSession.objects.filter(user=person).values(
            "created_at", "last_seen_at", "ip", "user_agent"
        ),
        "tokens": lambda person: Token.objects.filter(person=person).values(
            "name", "start", "scopes", "is_agent", "made_at", "expires_at", "used_on", "revoked_at"
        ),
        "invitations": lambda person: Invitation.objects.filter(inviter=person).values(
            "email", "made_at", "ends_at", "used_at"
        ),
    }
)
