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


def update(
    model: type[models.Model], columns: Sequence[str], keys: Sequence[str], rows: Iterable[Row]
) -> None:
    """Set the columns of the rows with these keys, which each row ends with."""
    fields = _fields(model, (*columns, *keys))
    quote = connection.ops.quote_name
    marks = [f"{quote(field.column)} = %s" for field in fields]
    values, where = ", ".join(marks[: len(columns)]), " AND ".join(marks[len(columns) :])
    _execute(f"UPDATE {quote(model._meta.db_table)} SET {values} WHERE {where}", fields, rows)  # noqa: S608 (names of ours)


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], otherwise: str) -> None:
    fields = _fields(model, columns)
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(columns))
    _execute(f"INSERT INTO {table} ({names}) VALUES ({marks}){otherwise}", fields, rows)  # noqa: S608 (names of ours)


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in columns]


def _execute(sql: str, fields: Sequence[models.Field[Any, Any]], rows: Iterable[Row]) -> None:
    prepare = [
        (i, field) for i, field in enumerate(fields) if isinstance(field, models.DateField | models.JSONField)
    ]
    values = list(_prepared(rows, prepare) if prepare else rows)
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _prepared(rows: Iterable[Row], prepare: Sequence[tuple[int, models.Field[Any, Any]]]) -> Iterator[Row]:
    """The rows with times and JSON as the database takes them; each distinct value is converted once."""
    known: dict[Any, Any] = {}

    def converted(value: Any, field: models.Field[Any, Any]) -> Any:
        # The JSON here is lists of texts.
        distinct = tuple(value) if isinstance(value, list) else value
        if distinct not in known:
            known[distinct] = field.get_db_prep_save(value, connection)
        return known[distinct]

    for row in rows:
        values = list(row)
        for i, field in prepare:
            values[i] = converted(values[i], field)
        yield tuple(values)
