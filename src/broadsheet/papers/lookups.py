"""A look-up of many values at once, which costs one parameter however many they are."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]


@models.Field.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]  # Django cannot subscript it
    """`column__among=values`: like `__in` for texts and whole numbers as the database stores them.

    Django prepares each value of an `__in` by itself, which takes an import as long as the question itself.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        values = list(value)
        return "%s", [orjson.dumps(values).decode() if connection.vendor == "sqlite" else values]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """The column is one of the array."""
        return self._compared("{} = ANY({})", compiler, connection)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Sql:
        """The column is one of the values in the JSON."""
        return self._compared("{} IN (SELECT value FROM json_each({}))", compiler, connection)

    def _compared(self, how: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, of_column = self.process_lhs(compiler, connection)
        values, of_values = self.process_rhs(compiler, connection)
        return how.format(column, values), (*of_column, *of_values)
