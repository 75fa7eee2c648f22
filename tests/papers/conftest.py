"""A catalogue as an earlier release left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

# The catalogue, after the rooms whose tables point at it.
LATER = ("library", "digests", "daily", "community", "papers")


@pytest.fixture
def migrate(transactional_db) -> Iterator[Callable[..., Any]]:
    """Bring the catalogue to a migration, none is the last: `migrate("0005_changes")` gives the models of then."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    def go(name: str | None = None) -> Any:
        executor = MigrationExecutor(connection)
        # A new catalogue takes one step for the first of them; an old one takes them one by one.
        executor.loader.replace_migrations = False
        executor.loader.build_graph()
        graph = executor.loader.graph
        for key, migration in list(graph.nodes.items()):
            if migration.replaces:
                graph.remove_replacement_node(key, migration.replaces)
        # The rooms that build on the catalogue go and come with it.
        return executor.migrate([("papers", name)] if name else graph.leaf_nodes()).apps

    yield go
    go()


@pytest.fixture
def release(migrate) -> Callable[[str], Any]:
    """An empty catalogue that an earlier release made: `release("0001_catalogue")` gives its models."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    def made(name: str) -> Any:
        with connection.schema_editor() as editor:
            for room in LATER:
                for model in reversed([*apps.get_app_config(room).get_models()]):
                    editor.delete_model(model)
        MigrationRecorder(connection).migration_qs.filter(app__in=LATER).delete()
        return migrate(name)

    return made
