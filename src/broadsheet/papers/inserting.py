"""Many rows at once: tuples written by one `executemany` a table.

An import writes fifteen rows a paper, and model instances would cost more than all the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows. Raises IntegrityError where a constraint forbids one of them."""
    _insert(model, columns, rows, "")


def insert_missing(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows, leaving out those that a constraint says are there already."""
    _insert(model, columns, rows, " ON CONFLICT DO NOTHING")


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], otherwise: str) -> None:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(columns))
    prepare = [
        (i, field) for i, field in enumerate(fields) if isinstance(field, models.DateField | models.JSONField)
    ]
    values = list(_prepared(rows, prepare) if prepare else rows)
    if values:
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}){otherwise}"  # noqa: S608 (names of ours)
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _prepared(rows: Iterable[Row], prepare: Sequence[tuple[int, models.Field[Any, Any]]]) -> Iterator[Row]:
    """The rows with times and JSON as the database takes them; each distinct time is converted once."""
    known: dict[Any, Any] = {}

    def converted(value: Any, field: models.Field[Any, Any]) -> Any:
        if isinstance(value, list):
            return field.get_db_prep_save(value, connection)
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    for row in rows:
        values = list(row)
        for i, field in prepare:
            values[i] = converted(values[i], field)
        yield tuple(values)
