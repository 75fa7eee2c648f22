"""Who is signed in: the session and the person of a request, each read by one statement.

Both are asked for with every request of whoever signed in. Django takes several times as long to compose
these statements as the database to answer them.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import connection
from django.utils import timezone

from broadsheet.accounts.models import Person
from broadsheet.stored_times import in_utc


class SessionStore(DatabaseSessions):
    """Django's sessions in the database."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended, or never was."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))


class SignIn(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in, for the person of a session."""

    def get_user(self, user_id: int) -> Person | None:
        """The person with that key, who may sign in."""
        names, statement = _statement()
        with connection.cursor() as cursor:
            cursor.execute(statement, [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        values = [in_utc(value) if isinstance(value, datetime) else value for value in row]
        person = Person.from_db(connection.alias, names, values)
        return person if self.user_can_authenticate(person) else None


@lru_cache(1)
def _statement() -> tuple[list[str], str]:
    fields = Person._meta.concrete_fields
    columns = ", ".join(field.column for field in fields)
    return [field.attname for field in fields], f"SELECT {columns} FROM accounts_person WHERE id = %s"  # noqa: S608 (names of ours)
