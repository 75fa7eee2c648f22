"""A new database has its tables at once, and they are those that all migrations make one after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.cli.test_operating import broadsheet

NOTED = {
    "migrations": "SELECT app, name FROM django_migrations",
    "kinds of objects": "SELECT app_label, model FROM django_content_type",
    "permissions": "SELECT codename, name FROM auth_permission",
    "rows that writers lock": "SELECT id FROM papers_revision",
}
Ask = Callable[[str], list[tuple[Any, ...]]]


def asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        return cursor.execute(statement).fetchall()


def schema(ask: Ask) -> dict[str, Any]:
    """Tables, indexes and triggers by name; a table that was altered has its columns in another order."""
    found = ask("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sorted(sql.replace(")", "").split(", ")) for name, sql in found}


@pytest.mark.django_db
def test_a_new_database_has_the_tables_that_all_migrations_make_one_after_another(tmp_path: Path) -> None:
    assert broadsheet(tmp_path, "papers", "check").returncode == 0
    with closing(sqlite3.connect(tmp_path / "broadsheet.sqlite3")) as made:

        def at_once(statement: str) -> list[tuple[Any, ...]]:
            return made.execute(statement).fetchall()

        assert schema(at_once) == schema(asked)
        for statement in NOTED.values():
            assert sorted(at_once(statement)) == sorted(asked(statement))
