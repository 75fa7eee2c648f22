"""The connection to SQLite. The name of this module is the one that Django asks a database backend for."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

from broadsheet.papers import database_file


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that begins no new database in the place of a lost one, and outlives no error."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the file. Raises OperationalError where it was emptied: SQLite would make a new one of it."""
        if why := database_file.gone() or database_file.loss():
            problem = sqlite3.OperationalError(why)
            problem.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise problem
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        return connection

    def is_usable(self) -> bool:
        """False: Django asks after an error, and a connection keeps what it read of a damaged file."""
        return False
