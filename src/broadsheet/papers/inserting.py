"""Many rows at once: tuples written by one `executemany` a table.

An import writes fifteen rows a paper, and model instances would cost more than all the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL for one row, and the places of those values that the database takes in another form."""

    sql: str
    prepare: tuple[tuple[int, models.Field[Any, Any]], ...]


class Prepared(list[Row]):
    """Rows with all values in the form in which the database takes them."""


def prepared(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
    """The values of some columns as the database takes them, made before anything is locked.

    Whoever inserts rows of them, with keys before or behind, says that these are Prepared.
    """
    prepare = _conversions_of(model, tuple(columns))
    return list(_converted(rows, prepare)) if prepare else rows


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows. Raises IntegrityError where a constraint forbids one of them."""
    _execute(_insertion(model, tuple(columns), ""), rows)


def insert_missing(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert the rows, leaving out those that a constraint says are there already. How many were inserted."""
    return _execute(_insertion(model, tuple(columns), " ON CONFLICT DO NOTHING"), rows)


def update(
    model: type[models.Model], columns: Sequence[str], keys: Sequence[str], rows: Iterable[Row]
) -> None:
    """Set the columns of the rows with these keys, which each row ends with."""
    _execute(_change(model, tuple(columns), tuple(keys)), rows)


@cache
def _insertion(model: type[models.Model], columns: tuple[str, ...], otherwise: str) -> _Statement:
    fields = _fields(model, columns)
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(columns))
    return _statement(f"INSERT INTO {table} ({names}) VALUES ({marks}){otherwise}", fields)  # noqa: S608 (names of ours)


@cache
def _change(model: type[models.Model], columns: tuple[str, ...], keys: tuple[str, ...]) -> _Statement:
    fields = _fields(model, (*columns, *keys))
    quote = connection.ops.quote_name
    marks = [f"{quote(field.column)} = %s" for field in fields]
    values, where = ", ".join(marks[: len(columns)]), " AND ".join(marks[len(columns) :])
    return _statement(f"UPDATE {quote(model._meta.db_table)} SET {values} WHERE {where}", fields)  # noqa: S608 (names of ours)


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in columns]


@cache
def _conversions_of(
    model: type[models.Model], columns: tuple[str, ...]
) -> tuple[tuple[int, models.Field[Any, Any]], ...]:
    return _conversions(_fields(model, columns))


def _statement(sql: str, fields: Sequence[models.Field[Any, Any]]) -> _Statement:
    return _Statement(sql, _conversions(fields))


def _conversions(fields: Sequence[models.Field[Any, Any]]) -> tuple[tuple[int, models.Field[Any, Any]], ...]:
    converted = (models.DateField, models.JSONField)
    return tuple((i, field) for i, field in enumerate(fields) if isinstance(field, converted))


def _execute(statement: _Statement, rows: Iterable[Row]) -> int:
    if isinstance(rows, Prepared):
        values: list[Row] = rows
    else:
        values = list(_converted(rows, statement.prepare) if statement.prepare else rows)
    if not values:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement.sql, values)
        return int(cursor.rowcount)


def _converted(rows: Iterable[Row], prepare: Sequence[tuple[int, models.Field[Any, Any]]]) -> Iterator[Row]:
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
