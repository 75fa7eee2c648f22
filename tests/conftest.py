"""What every test can ask for, and the folder of its own that each test process runs in."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import hypothesis
import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = "BROADSHEET_DATABASE_URL"
SETTINGS = "broadsheet.site.settings"
SHARED = Path(os.environ.get("BROADSHEET_SHARED") or ROOT.parent / "shared")
KEPT = {DATABASE_URL, "BROADSHEET_SHARED"}

# The settings are read when Django is set up, so a developer's own must be out of the way before that.
for name in [name for name in os.environ if name.startswith("BROADSHEET_") and name not in KEPT]:
    del os.environ[name]
# No program that a test starts fetches anything unless the test says from where.
os.environ["BROADSHEET_SOURCES"] = ""
os.environ["BROADSHEET_DATA"] = DATA = tempfile.mkdtemp(prefix="broadsheet-tests-")
# The queue has a connection of its own, which Django does not turn round to its test database.
SERVER, DATABASE = os.environ.get(DATABASE_URL), f"tests_of_process_{os.getpid()}"


def on_server(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)


if SERVER:
    on_server(f"CREATE DATABASE {DATABASE}")
    os.environ[DATABASE_URL] = f"{SERVER.rsplit('/', 1)[0]}/{DATABASE}"

# What asks no database, or only through rooms whose own tests ask it on a server, too. What stays of the pages
# asks it on its own, is about the order of a list, or goes to every address (`test_errors`).
ELSEWHERE = [
    "accounts/test_elsewhere.py",
    "accounts/test_own_ways.py",
    "api/arxiv/*",
    "api/huggingface/*",
    "api/mcp/*",
    "api/v1/test_[adeprs]*.py",
    "browser/*",
    "cli/*",
    "digests/test_ch*.py",
    "digests/test_com*.py",
    "digests/test_f*.py",
    "digests/test_links.py",
    "digests/test_managing.py",
    "digests/test_se[acr]*.py",
    "digests/test_w*.py",
    "docs/*",
    "fuzz/test_[c-i]*.py",
    "fuzz/test_[ot]*.py",
    "papers/test_citing*.py",
    "papers/test_comparing.py",
    "papers/test_identifiers.py",
    "papers/test_names.py",
    "papers/test_partition*.py",
    "papers/test_points.py",
    "papers/test_round_trips.py",
    "papers/test_text*.py",
    "search/test_[emr-w]*.py",
    "search/test_l[ae]*.py",
    "search/test_filtering.py",
    "site/test_config.py",
    "site/test_negotiating.py",
    "site/test_every_form.py",
    "site/test_protecting.py",
    "sources/files/*",
    "sources/live/*",
    "sources/test_files.py",
    "sources/test_formats.py",
    "web/test_a[bt]*.py",
    "web/test_caching.py",
    "web/test_charts.py",
    "web/test_editions.py",
    "web/test_fe*.py",
    "web/test_formats.py",
    "web/test_leaving_out.py",
    "web/test_markdown.py",
    "web/test_points.py",
    "web/test_s[aehi]*.py",
    "web/test_topics.py",
    "web/test_wording.py",
]
collect_ignore_glob = ELSEWHERE if SERVER else []
# Made once in a process, and dear.
FIRST = {"demonstration", "reader"}

# A busy machine is not a failing test. Whatever a run leaves out, another one or `make test-thorough` finds.
# On a server the same properties are tried a second time: what differs there differs for most examples.
hypothesis.settings.register_profile("broadsheet", deadline=None, max_examples=10 if SERVER else 40)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=500)
hypothesis.settings.load_profile("broadsheet")


def pytest_configure(config: pytest.Config) -> None:
    if settings.configured:
        raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests choose their own settings")
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    # A site without a provider does not load it; tests set one later.
    settings.INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    django.setup()
    # An xdist worker inherits the environment and would read the settings before it has a folder of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    config.add_cleanup(lambda: shutil.rmtree(DATA, ignore_errors=True))
    if SERVER:
        config.add_cleanup(lambda: on_server(f"DROP DATABASE {DATABASE} WITH (FORCE)"))
    else:
        # pytest-django would make a file for each xdist worker, since it does not know our backend.
        settings.DATABASES["default"]["TEST"]["NAME"] = ":memory:"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, only what uses the database is worth a second run.

    What reads the demonstration or a running site comes first, folder by folder: one process makes them.
    """
    items.sort(key=lambda item: "~" if fixtures(item).isdisjoint(FIRST) else str(item.path.parent))
    if SERVER:
        others = [item for item in items if not is_for_servers(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if is_for_servers(item)]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Thousands of tests are collected, and stay: to look through them for garbage, again and again, would take long."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def is_for_servers(item: pytest.Item) -> bool:
    uses_database = not fixtures(item).isdisjoint({"db", "transactional_db"})
    uses_database |= item.get_closest_marker("django_db") is not None
    return uses_database and item.get_closest_marker("anywhere") is None


@pytest.fixture(scope="session", autouse=True)
def _environment_of_programs_that_tests_start() -> None:
    """They need to know the settings, and must not write to the database that the tests have."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ.pop(DATABASE_URL, None)


@pytest.fixture(scope="session", autouse=True)
def _connections_of_a_live_server_end_with_its_threads() -> None:
    """Django leaves those to a database in memory open, and from Python 3.13 on that is a warning."""
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper

    def close(server: ThreadedWSGIServer) -> None:
        lent = (server.connections_override or {}).values()
        for connection in connections.all(initialized_only=True):
            if connection not in lent:
                BaseDatabaseWrapper.close(connection)

    ThreadedWSGIServer._close_connections = close


@pytest.fixture(scope="session", autouse=True)
def _tables_that_refuse_it_are_emptied_after_tests() -> None:
    """Django deletes all rows after a test that has transactions. On SQLite, the triggers that keep the log of
    moderation stand aside for that, and come back in the same transaction; TRUNCATE of PostgreSQL calls none.
    """
    from django.db import transaction
    from django.db.backends.sqlite3.base import DatabaseOperations

    empty = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            empty(self, statements)
            for _, made in triggers:
                cursor.execute(made)

    DatabaseOperations.execute_sql_flush = without_triggers


@pytest.fixture(autouse=True)
def _no_page_kept_yet() -> None:
    """A test sees no page that another test had made."""
    from django.core.cache import caches

    from broadsheet.http.shelf import shelf
    from broadsheet.papers import marks

    caches["memory"].clear()
    shelf.clear()
    marks.forget()
    # What depends on the catalogue's own numbers, which begin again with each test.
    for module in (
        "broadsheet.daily.editions",
        "broadsheet.daily.contents",
        "broadsheet.search.counts",
        "broadsheet.web.counts",
    ):
        if module in sys.modules:
            sys.modules[module].forget()
    if counting := sys.modules.get("broadsheet.community.counting"):
        counting.lately.forget()
    if letters := sys.modules.get("broadsheet.digests.letters.digests"):
        letters.forget()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input that is too large, or not ours, to be part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"needs real input: set BROADSHEET_SHARED, or put it at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration papers, found by words and by meaning; who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("demonstration")
    for command in ("demo", "index"):
        subprocess.run(
            [sys.executable, "-m", "broadsheet.cli.main", "--data", folder, command],
            check=True,
            capture_output=True,
        )
    return folder


@pytest.fixture
def count_queries() -> Callable[..., int]:
    """How many queries a call takes: `count_queries(client.get, "/")`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call: Callable[..., object], *arguments: object, **options: object) -> int:
        with CaptureQueriesContext(connection) as captured:
            call(*arguments, **options)
        return len(captured)

    return count
